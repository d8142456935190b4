import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { analyseThreat } from './analyse-threat.js';

await serveTask((task) => analyseThreat(sandboxPlaces, task));
