import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { analyseArchitecture } from './analyse-architecture.js';

await serveTask((task) => analyseArchitecture(sandboxPlaces, task));
