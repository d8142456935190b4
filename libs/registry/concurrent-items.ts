import type { PlannedItem } from '../graph/expand.js';

/** Which items may run at the same time as others. */
export interface ConcurrentItems {
  /** How many of some items may run at the same time as one: neither waits, directly or not, for the other. */
  countWith(item: string, others: Iterable<string>): number;
}

/**
 * Looks at the order of items. What comes before each is kept as bits, since there may be thousands: n²/8 bytes, which
 * are 3 MiB for 5,000.
 */
export function concurrentItems(items: readonly Pick<PlannedItem, 'id' | 'after'>[]): ConcurrentItems {
  const places = new Map(items.map(({ id }, place) => [id, place]));
  const words = Math.ceil(items.length / 32);
  const before: (Uint32Array | undefined)[] = new Array(items.length);
  const open: { place: number; next: number }[] = [];
  for (const root of items.keys()) {
    if (before[root]) continue;
    // An explicit stack: a chain of thousands must not overflow the call stack. Set before it is complete, so that a
    // circle, which the template's check refuses, cannot go on for ever.
    before[root] = new Uint32Array(words);
    open.push({ place: root, next: 0 });
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const own = before[top.place] ?? new Uint32Array(words);
      const dependency = places.get(items[top.place]?.after[top.next] ?? '');
      if (top.next >= (items[top.place]?.after.length ?? 0)) {
        open.pop();
        const waiting = open.at(-1);
        if (waiting) include(before[waiting.place], top.place, own);
        continue;
      }
      top.next += 1;
      if (dependency === undefined) continue;
      const known = before[dependency];
      if (known) include(own, dependency, known);
      else {
        before[dependency] = new Uint32Array(words);
        open.push({ place: dependency, next: 0 });
      }
    }
  }
  const isBefore = (one: number, other: number): boolean =>
    (((before[other]?.[one >>> 5] ?? 0) >>> (one & 31)) & 1) === 1;
  return {
    countWith: (item, others) => {
      const place = places.get(item);
      let count = 0;
      for (const other of others) {
        const at = places.get(other);
        if (place === undefined || at === undefined || at === place) continue;
        if (!isBefore(place, at) && !isBefore(at, place)) count += 1;
      }
      return count;
    },
  };
}

/** Adds an item and everything before it to a set of bits. */
function include(set: Uint32Array | undefined, place: number, before: Uint32Array): void {
  if (!set) return;
  for (const [index, word] of before.entries()) set[index] = (set[index] ?? 0) | word;
  const word = place >>> 5;
  set[word] = (set[word] ?? 0) | (1 << (place & 31));
}
