import type { ZodType } from 'zod';
import { HeptadError } from '../protocol/errors.js';
import type { Judged } from './judged.js';

/**
 * Reads an input of the judged phase.
 *
 * @throws HeptadError `InputInvalid` it was not named, or is not what was expected; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readInput<T>(
  { store, phase, input }: Judged,
  name: string,
  schema: ZodType<T>,
): Promise<T> {
  const ref = input[name];
  if (!ref) throw new HeptadError('InputInvalid', `The phase ${phase} was not given the input ${name}.`);
  return await store.getJson(ref.digest, schema);
}
