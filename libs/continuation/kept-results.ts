import type { GraphItem, ItemResult, WorkGraph } from '../contracts/graph.js';
import { indexOf } from '../graph/graph-index.js';
import { itemState } from '../graph/graph-state.js';
import { initial, step } from '../graph/schedule.js';

/** A result, and the item as it was when it was done. */
export interface DoneItem {
  readonly item: GraphItem;
  readonly result: ItemResult;
}

/**
 * Of results of an earlier run, those that a run of the same plan takes over, in the graph's order: the scheduler is
 * asked what it would do with them. So whatever a kept result comes after is kept too, or is skipped again for the same
 * reason; a repair is kept where the rejection that asked for it is. What was found while the run went on, what was done
 * in parts and what another item stood in for is done again: it depends on what else happens.
 */
export const keptResults = (plan: WorkGraph, done: readonly DoneItem[]): ItemResult[] =>
  takenOver(
    plan,
    done.filter(isReusable).map(({ result }) => result),
  ).map(({ result }) => result);

/** The items that the scheduler completes with these results at once, in the order of the graph that it leads to. */
export function takenOver(plan: WorkGraph, results: readonly ItemResult[]): DoneItem[] {
  const { state } = step(initial(plan, false, results), { kind: 'begun' });
  return state.graph.items.flatMap((item) => {
    const { status, result } = itemState(state, item.id);
    return status === 'completed' && result !== null ? { item, result } : [];
  });
}

/** The items that depend on one, directly or not, and the item itself. */
export function dependantsOf(graph: Pick<WorkGraph, 'items'>, id: string): ReadonlySet<string> {
  const { dependants } = indexOf(graph);
  const found = new Set([id]);
  for (const one of found) for (const next of dependants.get(one) ?? []) found.add(next);
  return found;
}

const isReusable = ({ item, result }: DoneItem): boolean =>
  item.rules?.discovered === undefined && item.rules?.standby?.as !== 'part' && result.standIn === undefined;
