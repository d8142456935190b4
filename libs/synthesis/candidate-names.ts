import type { Standing } from '../contracts/reports/synthesis.js';
import { repairedId } from '../graph/repair.js';

/**
 * What standings are called, by item: the letter, and `A repaired` for the second result of a candidate whose first
 * one was rejected. No two have the same name.
 */
export function candidateNames(
  standings: readonly Pick<Standing, 'candidate' | 'item'>[],
): ReadonlyMap<string, string> {
  const repaired = new Set(standings.map(({ item }) => repairedId(item)));
  return new Map(
    standings.map(({ candidate, item }) => [item, repaired.has(item) ? `${candidate} repaired` : candidate]),
  );
}
