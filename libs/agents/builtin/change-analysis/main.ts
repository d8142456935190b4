import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { analyseChange } from './analyse-change.js';

await serveTask((task) => analyseChange(sandboxPlaces, task));
