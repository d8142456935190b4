import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { analyseCode } from './analyse-code.js';

await serveTask((task) => analyseCode(sandboxPlaces, task));
