import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { consolidationOutcome } from '../../libs/synthesis/barrier-outcome.js';
import { firstOf } from '../../libs/synthesis/order.js';
import type { CoordinationDependencies } from './dependencies.js';
import { withBundle } from './with-bundle.js';

/**
 * A barrier that puts the reports before it together.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const consolidate =
  ({ store }: CoordinationDependencies): CoordinationActivities['consolidate'] =>
  async (barrier) => {
    const { item, missing, waived = [] } = barrier;
    const synthesis = await consolidationOutcome(store, await withBundle(store, barrier));
    const { conflicts, riskAssessment } = synthesis.synthesis;
    return {
      item: item.id,
      agent: null,
      outcome: await store.putJson(synthesis),
      measurements: null,
      workspace: null,
      summary: `${synthesis.inputs.length} reports, ${missing.length} missing${missing.length > 0 ? ` (${firstOf(missing, 3)})` : ''}, ${conflicts.length} conflicts, ${riskAssessment.length} risks`,
      // Nothing goes on with results missing, unless a person decided to do without them.
      accepted: missing.every((id) => waived.includes(id)),
    };
  };
