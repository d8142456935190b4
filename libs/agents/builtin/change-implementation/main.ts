import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { implementChange } from './implement-change.js';

await serveTask((task) => implementChange(sandboxPlaces, task));
