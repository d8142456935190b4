import { z } from 'zod';
import { runIdPattern } from '../../../libs/temporal/run-id.js';

/** The id of a run in a path. */
export const runIdSchema = z.string().regex(runIdPattern, 'A run id has 26 characters of a to z and 2 to 7.');
