import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { assessComplexity } from './assess-complexity.js';

await serveTask((task) => assessComplexity(sandboxPlaces, task));
