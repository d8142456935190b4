import type { ZodType } from 'zod';
import type { ArtifactRef } from '../contracts/artifact.js';
import { HeptadError } from '../protocol/errors.js';
import type { Judged } from './judged.js';

/**
 * An input of the judged phase.
 *
 * @throws HeptadError `InputInvalid` it was not named
 */
export function inputOf({ phase, input }: Judged, name: string): ArtifactRef {
  const ref = input[name];
  if (!ref) throw new HeptadError('InputInvalid', `The phase ${phase} was not given the input ${name}.`);
  return ref;
}

/**
 * Reads an input of the judged phase.
 *
 * @throws HeptadError `InputInvalid` it was not named, or is not what was expected; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readInput<T>(judged: Judged, name: string, schema: ZodType<T>): Promise<T> {
  return await judged.store.getJson(inputOf(judged, name).digest, schema);
}
