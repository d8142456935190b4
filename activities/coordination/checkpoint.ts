import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { checkpointOutcome } from '../../libs/synthesis/barrier-outcome.js';
import { barrierResult } from './barrier-result.js';
import type { CoordinationDependencies } from './dependencies.js';
import { withBundle } from './with-bundle.js';

/**
 * A barrier that decides whether the work goes on. A criterion that is not met is a result, never an error.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract; `NotDone` (neither is retried)
 */
export const checkpoint =
  ({ store }: CoordinationDependencies): CoordinationActivities['checkpoint'] =>
  async (given) => {
    const barrier = await withBundle(store, given);
    const outcome = await checkpointOutcome(store, barrier);
    const { criteria, decision, passed } = outcome;
    const open = criteria.filter(({ met }) => !met).map(({ id }) => id);
    return await barrierResult(store, barrier, {
      outcome,
      summary: [
        ...(decision === undefined ? [] : [decision]),
        open.length === 0 ? `${criteria.length} criteria are met` : `not met: ${open.join(', ')}`,
      ].join('; '),
      accepted: passed,
    });
  };
