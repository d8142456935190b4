import { priorities } from '../protocol/priorities.js';
import type { ControlItem } from './control-item.js';

/**
 * The order in which items are done: each behind those that it waits for; of those that could be next, the one of the
 * highest priority, then the first in the file. What waits for itself in the end, or for what does, is left out.
 */
export function orderOf(items: readonly ControlItem[]): ControlItem[] {
  const rank = ({ priority }: ControlItem): number => priorities.indexOf(priority);
  const waiting = items.toSorted((a, b) => rank(b) - rank(a) || a.number - b.number);
  const known = new Set(items.map(({ number }) => number));
  const ordered: ControlItem[] = [];
  const settled = new Set<number>();
  for (;;) {
    const next = waiting.findIndex(({ after }) =>
      after.every((number) => settled.has(number) || !known.has(number)),
    );
    const [item] = next < 0 ? [] : waiting.splice(next, 1);
    if (!item) return ordered;
    ordered.push(item);
    settled.add(item.number);
  }
}
