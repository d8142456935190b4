import { executionSchema } from '../../contracts/phase.js';
import { hasCandidates } from '../../synthesis/handed-on.js';
import { faultOf } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/**
 * Whether nothing competed in the work that deliver was given. It is read from what execute handed on, not from what is
 * judged. What cannot be read counts as contested: more is asked of that.
 */
export async function isUncontested(judged: Judged): Promise<boolean> {
  try {
    return !hasCandidates(await readInput(judged, 'executed', executionSchema));
  } catch (error) {
    // Thrown again where it is not the producer's fault.
    faultOf(error);
    return false;
  }
}
