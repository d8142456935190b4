import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { count } from '../../libs/synthesis/order.js';
import { synthesise as make } from '../../libs/synthesis/synthesise.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * Collects every item's result exactly once, settles conflicts, and stages the synthesis of the whole run.
 *
 * @throws HeptadError `InputInvalid` an item is not accounted for exactly once, or breaks its contract (not retried)
 */
export const synthesise =
  ({ store }: CoordinationDependencies): CoordinationActivities['synthesise'] =>
  async ({ accepted, executed }) => {
    const synthesis = await make(store, { accepted, executed });
    const { conflicts, riskAssessment } = synthesis.synthesis;
    const open = conflicts.filter(({ resolution }) => resolution === null).length;
    return {
      outcome: await store.putJson(synthesis),
      summary: `${count(synthesis.inputs.length, 'result')}, ${count(conflicts.length, 'conflict')} (${open} open), ${count(riskAssessment.length, 'risk')}`,
      facts: null,
    };
  };
