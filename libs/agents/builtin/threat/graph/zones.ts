import type { Description } from '../description/description.js';
import { attackGraph, internet, isExposed } from './attack-graph.js';
import { reachable } from './reachable.js';

export type Zone = 'edge' | 'internal' | 'isolated';

/** How far a service is from the internet: open to it, behind others, or out of reach. */
export function zonesOf(description: Description): Map<string, Zone> {
  const graph = attackGraph(description);
  const reached = new Set(reachable(internet, (node) => graph.outNeighbors(node)));
  return new Map(
    description.services.map((service) => [
      service.name,
      isExposed(service) ? 'edge' : reached.has(service.name) ? 'internal' : 'isolated',
    ]),
  );
}
