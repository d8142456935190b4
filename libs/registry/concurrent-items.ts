import type { PlannedItem } from '../graph/expand.js';

/**
 * For each item, the items that may run at the same time: those of which neither waits, directly or not, for the
 * other.
 */
export function concurrentItems(
  items: readonly Pick<PlannedItem, 'id' | 'after'>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const before = new Map<string, Set<string>>();
  const ancestors = (id: string): Set<string> => {
    const known = before.get(id);
    if (known) return known;
    const all = new Set<string>();
    // Set before it is complete, so that a circle, which the template's check refuses, could not go on for ever.
    before.set(id, all);
    for (const other of byId.get(id)?.after ?? [])
      for (const one of [other, ...ancestors(other)]) all.add(one);
    return all;
  };
  return new Map(
    items.map(({ id }) => [
      id,
      new Set(
        items
          .map((other) => other.id)
          .filter((other) => other !== id && !ancestors(id).has(other) && !ancestors(other).has(id)),
      ),
    ]),
  );
}
