import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { assurePerformance } from './assure-performance.js';

await serveTask((task) => assurePerformance(sandboxPlaces, task));
