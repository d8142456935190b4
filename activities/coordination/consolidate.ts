import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, assignmentSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { consolidate as put } from '../../libs/synthesis/consolidate.js';
import { readResults } from '../../libs/synthesis/read-results.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * A barrier that puts the reports before it together.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const consolidate =
  ({ store }: CoordinationDependencies): CoordinationActivities['consolidate'] =>
  async ({ item, accepted, assignment, results, missing }) => {
    const [{ request }, { graph, budgets }] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(assignment.digest, assignmentSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    const synthesis = put({
      phase: `${item.category}_consolidation`,
      // A graph grows by repairs, which are of the same items; those of a plan are enough to read results by.
      arrived: await readResults(store, results, graph.items, template),
      missing,
      graph,
      budgets,
      weights: template.fitness,
    });
    const { conflicts, riskAssessment } = synthesis.synthesis;
    return {
      item: item.id,
      agent: null,
      outcome: await store.putJson(synthesis),
      measurements: null,
      workspace: null,
      summary: `${synthesis.inputs.length} reports, ${missing.length} missing, ${conflicts.length} conflicts, ${riskAssessment.length} risks`,
      accepted: true,
    };
  };
