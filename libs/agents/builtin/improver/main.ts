import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { improve } from './improve.js';

await serveTask((task) => improve(sandboxPlaces, task));
