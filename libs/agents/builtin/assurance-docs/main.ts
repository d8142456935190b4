import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { assureDocumentation } from './assure-documentation.js';

await serveTask((task) => assureDocumentation(sandboxPlaces, task));
