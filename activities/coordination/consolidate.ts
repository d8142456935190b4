import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { consolidationOutcome } from '../../libs/synthesis/barrier-outcome.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * A barrier that puts the reports before it together.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const consolidate =
  ({ store }: CoordinationDependencies): CoordinationActivities['consolidate'] =>
  async (barrier) => {
    const { item, missing } = barrier;
    const synthesis = await consolidationOutcome(store, barrier);
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
