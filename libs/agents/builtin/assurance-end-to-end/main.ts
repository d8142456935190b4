import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { assureEndToEnd } from './assure-end-to-end.js';

await serveTask((task) => assureEndToEnd(sandboxPlaces, task));
