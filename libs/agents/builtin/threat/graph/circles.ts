import { byCodeUnit } from '../../subject/order.js';
import { reachable } from './reachable.js';
import type { ServiceGraph } from './service-graph.js';

/**
 * Services that depend on each other in a circle: the strongly connected components of more than one, each sorted.
 * By reachability both ways, which is enough for the few hundred services that a description has.
 */
export function circles(graph: ServiceGraph): string[][] {
  const found: string[][] = [];
  const seen = new Set<string>();
  for (const node of graph.nodes()) {
    if (seen.has(node)) continue;
    const backwards = reachable(node, (one) => graph.inNeighbors(one));
    const circle = reachable(node, (one) => graph.outNeighbors(one)).filter((one) => backwards.includes(one));
    for (const one of circle) seen.add(one);
    if (circle.length > 1) found.push(circle.sort(byCodeUnit));
  }
  return found.sort((a, b) => byCodeUnit(a.join('\n'), b.join('\n')));
}
