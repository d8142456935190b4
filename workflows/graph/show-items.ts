import { setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import type { ItemStatus } from '../../libs/contracts/graph.js';
import { type GraphState, isSettled, itemState } from '../../libs/graph/graph-state.js';
import { itemsMemo } from '../../libs/protocol/messages.js';

/** One transition of an item: its id, the state that it is in now, and why. */
export type ItemChange = readonly [id: string, status: ItemStatus, code: string | null];

/** Changes in one event of the history. */
const mostChanges = 200;

/** Items that are listed for people. */
const mostLines = 50;

/**
 * Tells what became of items where no activity tells it: in the memo, and so in an event of the history. That an item
 * began to run, and what came of it, is in the events of its activity.
 */
export function tellChanges(before: GraphState, after: GraphState, changed: readonly string[]): void {
  const changes: ItemChange[] = [];
  for (const id of changed) {
    const is = itemState(after, id);
    const was = before.items[id];
    if (was?.status === is.status) continue;
    const byActivity =
      is.status === 'running' ||
      (was?.status === 'running' && (is.status === 'completed' || is.status === 'failed'));
    if (!byActivity) changes.push([id, is.status, is.code]);
  }
  for (let from = 0; from < changes.length; from += mostChanges)
    upsertMemo({ [itemsMemo]: changes.slice(from, from + mostChanges) });
}

/** Says in the Web UI how far the items are: what is under way first, then what ended, then what waits. */
export function showItems(state: GraphState): void {
  const { items } = state.graph;
  const counts = new Map<ItemStatus, number>();
  const underWay: string[] = [];
  const others: string[] = [];
  for (const { id } of items) {
    const is = itemState(state, id);
    counts.set(is.status, (counts.get(is.status) ?? 0) + 1);
    const active = is.status !== 'pending' && !isSettled(is);
    const lines = active ? underWay : others;
    if (lines.length < mostLines) {
      const says = is.result?.summary ?? is.code;
      lines.push(`- ${id}: ${is.status}${says ? ` · ${says}` : ''}`);
    }
  }
  const count = [...counts].map(([status, number]) => `${number} ${status}`).join(', ');
  setCurrentDetails(
    [
      `**3 of 7, execute** · ${items.length} items: ${count}`,
      ...[...underWay, ...others].slice(0, mostLines),
    ].join('\n'),
  );
}
