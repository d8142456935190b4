import type { WorkGraph } from '../contracts/graph.js';
import { priorityKey } from '../protocol/priorities.js';

/** The place of each item of a graph where results are put together: the more urgent first, then the graph's order. */
export const priorityPlaces = ({ items }: WorkGraph): ReadonlyMap<string, number> =>
  new Map(
    items
      .toSorted(
        (a, b) => priorityKey(a.rules?.priority ?? 'normal') - priorityKey(b.rules?.priority ?? 'normal'),
      )
      .map(({ id }, place) => [id, place]),
  );
