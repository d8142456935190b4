import { judge } from '../../synthesis/judge.js';
import { readJudged } from '../../synthesis/read-judged.js';
import { inputOf } from '../read-input.js';
import { type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';

/** Pass B of verify: candidates are measured, criteria evaluated and the decision is made again. */
export const judgeAgain: Repetition = async (judged, checks) => {
  const made = await checks.attempt(
    'judged-again',
    'Criteria, standings and decision were made again.',
    async () =>
      judge(
        await readJudged(judged.store, {
          accepted: inputOf(judged, 'accepted'),
          executed: inputOf(judged, 'executed'),
          synthesis: inputOf(judged, 'synthesis'),
          executeRecord: inputOf(judged, 'executeRecord'),
        }),
      ),
  );
  if (made) await sameOutcome(judged, checks, made);
  return settled;
};
