import type { UnfinishedItem, WorkGraph } from '../contracts/graph.js';
import type { Lacking } from '../contracts/reports/synthesis.js';
import { isNotNeeded } from '../graph/not-needed.js';

/** Of items that ended without a result, those that are missed: with who was to do them, why, and who waived them. */
export function lackingOf(unfinished: readonly UnfinishedItem[], { items }: WorkGraph): Lacking[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return unfinished
    .filter((one) => !isNotNeeded(one))
    .map(({ item, code, waived = null }) => ({
      item,
      agent: byId.get(item)?.agents[0]?.id ?? null,
      code,
      waived,
    }));
}
