import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { analyseInfrastructure } from './analyse-infrastructure.js';

await serveTask((task) => analyseInfrastructure(sandboxPlaces, task));
