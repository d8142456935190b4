import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import type { Execution } from '../../libs/contracts/phase.js';
import { exactlyOnce } from '../../libs/synthesis/exactly-once.js';
import type { CoordinationDependencies } from './dependencies.js';

/**
 * Stages what execute hands on: each item's one result, or why it has none.
 *
 * @throws HeptadError `InputInvalid` an item is not accounted for exactly once (not retried)
 */
export const collectItems =
  ({ store }: CoordinationDependencies): CoordinationActivities['collectItems'] =>
  async ({ graph, results, unfinished, ledger }) => {
    const execution: Execution = {
      kind: 'execution',
      graph,
      results: [...results],
      unfinished: [...unfinished],
      ...(ledger === undefined ? {} : { ledger }),
    };
    exactlyOnce(execution);
    const failed = unfinished.filter(({ status }) => status === 'failed').length;
    const repaired = graph.items.filter(({ repairs }) => repairs !== null).length;
    return {
      outcome: await store.putJson(execution),
      summary: `${results.length} of ${graph.items.length} items completed, ${failed} failed, ${unfinished.length - failed} skipped, ${repaired} repaired`,
      facts: null,
    };
  };
