import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { hasCandidates } from '../../libs/synthesis/handed-on.js';
import { judge as decide } from '../../libs/synthesis/judge.js';
import type { Judged } from '../../libs/synthesis/judged.js';
import { count, firstOf } from '../../libs/synthesis/order.js';
import { readJudged } from '../../libs/synthesis/read-judged.js';
import { bestStanding } from '../../libs/synthesis/standings.js';
import type { CoordinationDependencies } from './dependencies.js';

const endsWith = ({ handedOn }: Pick<Judged, 'handedOn'>): string =>
  handedOn.length === 0 ? 'reports alone' : `the result of ${firstOf(handedOn.map(({ item }) => item))}`;

/**
 * Judges the whole result and stages the decision. BLOCK is a result here; the workflow ends the run for it.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract, or the record is not that of this
 *   execution (not retried)
 */
export const judge =
  ({ store }: CoordinationDependencies): CoordinationActivities['judge'] =>
  async (refs) => {
    const judged = await readJudged(store, refs);
    const judgement = await decide(judged);
    const { decision, warnings } = judgement;
    const best = bestStanding(judgement);
    const open = judgement.criteria.filter(({ met }) => !met).map(({ id }) => id);
    // Skipped items follow from these, so their codes say nothing more.
    const failed = judged.unfinished.filter(({ status }) => status === 'failed');
    return {
      outcome: await store.putJson(judgement),
      summary: [
        decision,
        best
          ? `candidate ${best.candidate} (${best.strategy}) with fitness ${best.fitness}`
          : hasCandidates(judged)
            ? 'no eligible candidate'
            : endsWith(judged),
        count(warnings.length, 'warning'),
        ...(open.length > 0 ? [`not met: ${open.join(', ')}`] : []),
        ...(failed.length > 0
          ? [`failed: ${firstOf(failed.map(({ item, code }) => `${item} (${code})`))}`]
          : []),
      ].join('; '),
      facts: { decision },
    };
  };
