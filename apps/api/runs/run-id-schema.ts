import { z } from 'zod';
import { runIdPattern } from '../../../libs/temporal/run-id.js';

/** The id of a run in a path. */
export const runIdSchema = z.string().regex(runIdPattern, 'A run id has 26 characters of a to z and 2 to 7.');

/** The id of an item in a path. */
export const itemIdSchema = z
  .string()
  .regex(/^\w[\w.-]{0,199}$/, 'An item id has letters, digits, dots and hyphens.');
