import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, executionSchema } from '../../libs/contracts/phase.js';
import { synthesisSchema } from '../../libs/contracts/reports/synthesis.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { judge as decide } from '../../libs/synthesis/judge.js';
import { newSecrets } from '../../libs/synthesis/new-secrets.js';
import { count, firstOf } from '../../libs/synthesis/order.js';
import { readResults } from '../../libs/synthesis/read-results.js';
import { bestStanding } from '../../libs/synthesis/standings.js';
import { verifySnapshot } from '../../libs/synthesis/verify-snapshot.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * Judges the whole result and stages the decision. BLOCK is a result here; the workflow ends the run for it.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const judge =
  ({ store }: CoordinationDependencies): CoordinationActivities['judge'] =>
  async ({ accepted, executed, synthesis }) => {
    const [{ request, captured }, { graph, results, unfinished }] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(executed.digest, executionSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    const judgement = await decide({
      arrived: await readResults(store, results, graph.items, template),
      unfinished,
      synthesis: await store.getJson(synthesis.digest, synthesisSchema),
      weights: template.fitness,
      rollback: await verifySnapshot(store, captured.snapshot),
      secretsOf: ({ workspace }) => newSecrets(store, captured.snapshot.digest, workspace),
    });
    const { decision, warnings } = judgement;
    const best = bestStanding(judgement);
    const open = judgement.criteria.filter(({ met }) => !met).map(({ id }) => id);
    // Skipped items follow from these, so their codes say nothing more.
    const failed = unfinished.filter(({ status }) => status === 'failed');
    return {
      outcome: await store.putJson(judgement),
      summary: [
        decision,
        best
          ? `candidate ${best.candidate} (${best.strategy}) with fitness ${best.fitness}`
          : 'no eligible candidate',
        count(warnings.length, 'warning'),
        ...(open.length > 0 ? [`not met: ${open.join(', ')}`] : []),
        ...(failed.length > 0
          ? [`failed: ${firstOf(failed.map(({ item, code }) => `${item} (${code})`))}`]
          : []),
      ].join('; '),
      facts: { decision },
    };
  };
