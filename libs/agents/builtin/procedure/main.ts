import { z } from 'zod';
import { parametersOf } from '../answer/parameters.js';
import { serveTask } from '../answer/serve-task.js';
import { sandboxPlaces } from '../subject/places.js';
import { checkProcedure } from './check-procedure.js';
import { followStep } from './follow-step.js';
import { readProcedure } from './read-procedure.js';

const does = { read: readProcedure, follow: followStep, check: checkProcedure };
const parametersSchema = z.object({ does: z.enum(['read', 'follow', 'check']) });

await serveTask((task) => does[parametersOf(parametersSchema, task).does](sandboxPlaces, task));
