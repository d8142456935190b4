import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { probe } from './probe.js';

await serveTask((task) => probe(sandboxPlaces, task));
