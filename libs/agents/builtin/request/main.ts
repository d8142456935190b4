import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { improveRequest } from './improve-request.js';

await serveTask((task) => improveRequest(sandboxPlaces, task));
