import type { z } from 'zod';
import type { itemViewSchema, PhaseView } from '../contracts/run.js';
import { isSettled } from '../graph/graph-state.js';

type ItemView = z.infer<typeof itemViewSchema>;

/** Codes of the items that a phase left open, by how it ended; else they have the code by which it failed. */
const codes: Partial<Record<PhaseView['state'], string>> = {
  cancelled: 'Cancelled',
  terminated: 'Terminated',
  'timed-out': 'TimedOut',
};

/**
 * The items of an execute as they are once it has ended: nothing runs or waits any more, so what was not settled was
 * skipped, with the reason and the time of the phase's end. Those of one that has not ended stay as they are.
 */
export function closedItems(
  items: readonly ItemView[],
  { state, failure, endedAt }: Pick<PhaseView, 'state' | 'failure' | 'endedAt'>,
): ItemView[] {
  if (state === 'running' || state === 'pending') return [...items];
  const code = codes[state] ?? failure?.code ?? 'Unexpected';
  return items.map((item) =>
    isSettled(item) ? item : { ...item, status: 'skipped', code, endedAt, progress: null },
  );
}
