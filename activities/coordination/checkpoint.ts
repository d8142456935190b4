import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, assignmentSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { checkpoint as check } from '../../libs/synthesis/checkpoint.js';
import { readResults } from '../../libs/synthesis/read-results.js';
import { ofKind } from '../../libs/synthesis/report.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * A barrier that decides whether the work goes on. A criterion that is not met is a result, never an error.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const checkpoint =
  ({ store }: CoordinationDependencies): CoordinationActivities['checkpoint'] =>
  async ({ item, accepted, assignment, results }) => {
    const [{ request }, { graph }] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(assignment.digest, assignmentSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    const [synthesis] = ofKind(await readResults(store, results, graph.items, template), 'synthesis');
    const consolidation = graph.items.find(
      ({ id, kind }) => kind === 'consolidation' && item.after.includes(id),
    );
    const outcome = check(synthesis?.report, consolidation?.after ?? []);
    const open = outcome.criteria.filter(({ met }) => !met).map(({ id }) => id);
    return {
      item: item.id,
      agent: null,
      outcome: await store.putJson(outcome),
      measurements: null,
      workspace: null,
      summary: outcome.passed
        ? `${outcome.criteria.length} criteria are met`
        : `not met: ${open.join(', ')}`.slice(0, 200),
      accepted: outcome.passed,
    };
  };
