import { synthesise } from '../../synthesis/synthesise.js';
import { inputOf } from '../read-input.js';
import { type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';

/** Pass B of coordinate: the synthesis is made again from every item's result. */
export const synthesiseAgain: Repetition = async (judged, checks) => {
  const made = await checks.attempt(
    'synthesised-again',
    'Every result was collected and put together again.',
    () =>
      synthesise(judged.store, {
        accepted: inputOf(judged, 'accepted'),
        executed: inputOf(judged, 'executed'),
      }),
  );
  if (made) await sameOutcome(judged, checks, made);
  return settled;
};
