import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { checkpointOutcome } from '../../libs/synthesis/barrier-outcome.js';
import type { CoordinationDependencies } from './dependencies.js';
import { withBundle } from './with-bundle.js';

/**
 * A barrier that decides whether the work goes on. A criterion that is not met is a result, never an error.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract (not retried)
 */
export const checkpoint =
  ({ store }: CoordinationDependencies): CoordinationActivities['checkpoint'] =>
  async (barrier) => {
    const outcome = await checkpointOutcome(store, await withBundle(store, barrier));
    const open = outcome.criteria.filter(({ met }) => !met).map(({ id }) => id);
    return {
      item: barrier.item.id,
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
