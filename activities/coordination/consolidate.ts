import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { consolidationOutcome } from '../../libs/synthesis/barrier-outcome.js';
import { firstOf } from '../../libs/synthesis/order.js';
import { barrierResult } from './barrier-result.js';
import type { CoordinationDependencies } from './dependencies.js';
import { withBundle } from './with-bundle.js';

/**
 * A barrier that puts the reports before it together.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract; `NotDone` (neither is retried)
 */
export const consolidate =
  ({ store }: CoordinationDependencies): CoordinationActivities['consolidate'] =>
  async (given) => {
    const barrier = await withBundle(store, given);
    const outcome = await consolidationOutcome(store, barrier);
    const { inputs, missing, lacking = [], final } = outcome;
    const { conflicts, riskAssessment } = outcome.synthesis;
    const named = missing.length > 0 ? ` (${firstOf(missing, 3)})` : '';
    return await barrierResult(store, barrier, {
      outcome,
      summary: `${inputs.length} reports, ${missing.length} missing${named}, ${conflicts.length} conflicts, ${riskAssessment.length} risks${final ? `; ${final.deploymentReadiness.status}` : ''}`,
      // Nothing goes on with results missing, unless a person decided to do without them.
      accepted: lacking.every(({ waived }) => waived !== null),
    });
  };
