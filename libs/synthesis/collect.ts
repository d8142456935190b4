import { byCodeUnit } from './order.js';
import type { Collected } from './report.js';

/** What came together: each input once, and what cannot be put together. */
export interface Collection {
  /** Keyed by item and agent; each once, in the order of their places. */
  readonly inputs: readonly Collected[];
  /** Items and agents that answered more than once and not the same. */
  readonly contradicted: readonly string[];
}

/**
 * Takes each input exactly once, keyed by agent and item: what arrives again with the same outcome changes nothing,
 * what arrives with another one is reported, and the first by digest is kept so that the order of arrival decides
 * nothing.
 *
 * @param places the place of each item; those without one come last. Where places are equal: by item, then agent
 */
export function collect(
  arrived: readonly Collected[],
  places: ReadonlyMap<string, number> = new Map(),
): Collection {
  const placeOf = ({ item }: Collected): number => places.get(item) ?? Number.MAX_SAFE_INTEGER;
  const inputs = new Map<string, Collected>();
  const contradicted = new Set<string>();
  for (const one of arrived.toSorted((a, b) => byCodeUnit(a.outcome, b.outcome))) {
    const key = `${one.item} by ${one.agent}`;
    const before = inputs.get(key);
    if (before === undefined) inputs.set(key, one);
    else if (before.outcome !== one.outcome) contradicted.add(key);
  }
  return {
    inputs: [...inputs.values()].sort(
      (a, b) => placeOf(a) - placeOf(b) || byCodeUnit(a.item, b.item) || byCodeUnit(a.agent, b.agent),
    ),
    contradicted: [...contradicted].sort(byCodeUnit),
  };
}
