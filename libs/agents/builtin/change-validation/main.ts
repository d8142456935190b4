import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { validateChange } from './validate-change.js';

await serveTask((task) => validateChange(sandboxPlaces, task));
