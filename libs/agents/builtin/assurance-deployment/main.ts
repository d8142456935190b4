import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { assureDeployment } from './assure-deployment.js';

await serveTask((task) => assureDeployment(sandboxPlaces, task));
