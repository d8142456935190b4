import type { z } from 'zod';
import type { itemViewSchema, PhaseView } from '../contracts/run.js';
import { isSettled } from '../graph/graph-state.js';

type ItemView = z.infer<typeof itemViewSchema>;

/** What became of the items that a phase left open, by how it ended; else they are skipped, with the code of its failure. */
const ends: Partial<Record<PhaseView['state'], Pick<ItemView, 'status' | 'code'>>> = {
  cancelled: { status: 'cancelled', code: 'Cancelled' },
  terminated: { status: 'cancelled', code: 'Terminated' },
  'timed-out': { status: 'timeout', code: 'TimedOut' },
};

/**
 * The items of an execute as they are once it has ended: nothing runs or waits any more, so what was not settled ended
 * with it, with its reason and at its time. Those of one that has not ended stay as they are.
 */
export function closedItems(
  items: readonly ItemView[],
  { state, failure, endedAt }: Pick<PhaseView, 'state' | 'failure' | 'endedAt'>,
): ItemView[] {
  if (state === 'running' || state === 'pending') return [...items];
  const end = ends[state] ?? { status: 'skipped', code: failure?.code ?? 'Unexpected' };
  return items.map((item) => (isSettled(item) ? item : { ...item, ...end, endedAt, progress: null }));
}
