import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { validate } from './validate.js';

await serveTask((task) => validate(sandboxPlaces, task));
