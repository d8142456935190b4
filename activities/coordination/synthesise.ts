import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, executionSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { consolidate } from '../../libs/synthesis/consolidate.js';
import { exactlyOnce } from '../../libs/synthesis/exactly-once.js';
import { readResults } from '../../libs/synthesis/read-results.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * Collects every item's result exactly once, settles conflicts, and stages the synthesis of the whole run.
 *
 * @throws HeptadError `InputInvalid` an item is not accounted for exactly once, or breaks its contract (not retried)
 */
export const synthesise =
  ({ store }: CoordinationDependencies): CoordinationActivities['synthesise'] =>
  async ({ accepted, executed }) => {
    const [{ request }, execution] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(executed.digest, executionSchema),
    ]);
    exactlyOnce(execution);
    const template = await store.getJson(request.template.digest, templateSchema);
    const { graph, results, unfinished } = execution;
    const synthesis = consolidate({
      phase: 'coordinate',
      arrived: await readResults(store, results, graph.items, template),
      missing: unfinished.map(({ item }) => item),
      graph,
      weights: template.fitness,
    });
    const { conflicts, riskAssessment } = synthesis.synthesis;
    const open = conflicts.filter(({ resolution }) => resolution === null).length;
    return {
      outcome: await store.putJson(synthesis),
      summary: `${synthesis.inputs.length} results, ${conflicts.length} conflicts (${open} open), ${riskAssessment.length} risks`,
      facts: null,
    };
  };
