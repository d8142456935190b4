import type { RunView } from '../../../libs/contracts/run.js';

/** How many items are in each state, such as `2 completed, 1 running`; in the order in which they first occur. */
export function itemCounts(items: NonNullable<RunView['items']>): string {
  const counts = new Map<string, number>();
  for (const { status } of items) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'none yet';
}
