import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Places } from '../subject/places.js';
import { TaskFailure } from './task-failure.js';

/**
 * The outcome of an earlier item, by the name of the input.
 *
 * @throws TaskFailure InputInvalid: there is none of that name, or it has not the form that is asked for
 */
export function readInput<T extends z.ZodType>(places: Places, name: string, schema: T): z.output<T> {
  const path = join(places.inputs, `${name}.json`);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TaskFailure('InputInvalid', `The input ${path} cannot be used: ${reason}`);
  }
}
