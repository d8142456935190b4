import { dijkstra } from 'graphology-shortest-path';
import { byCodeUnit } from '../../subject/order.js';
import type { AttackGraph } from './attack-graph.js';

/** A path by its nodes, and what all its steps take together. */
export interface Path {
  readonly nodes: readonly string[];
  readonly effort: number;
}

/**
 * The cheapest paths without a repeated node, cheapest first, by Yen's algorithm over Dijkstra's. Paths that cost the
 * same are in the order of their nodes' names.
 */
export function cheapestPaths(graph: AttackGraph, source: string, target: string, most: number): Path[] {
  const first = cheapest(graph, source, target);
  if (first === null) return [];
  const found = [first];
  const candidates = new Map<string, Path>();
  while (found.length < most) {
    const last = found.at(-1) ?? first;
    for (let index = 0; index < last.nodes.length - 1; index += 1) {
      const root = last.nodes.slice(0, index + 1);
      const rest = graph.copy();
      for (const { nodes } of found)
        if (root.every((node, at) => nodes[at] === node)) {
          const next = nodes[index + 1];
          const spur = nodes[index];
          if (spur !== undefined && next !== undefined && rest.hasEdge(spur, next)) rest.dropEdge(spur, next);
        }
      for (const node of root.slice(0, -1)) rest.dropNode(node);
      const spur = root.at(-1) ?? source;
      const end = cheapest(rest, spur, target);
      if (end === null) continue;
      const nodes = [...root.slice(0, -1), ...end.nodes];
      candidates.set(nodes.join('\n'), { nodes, effort: effortOf(graph, nodes) });
    }
    for (const { nodes } of found) candidates.delete(nodes.join('\n'));
    const [next] = [...candidates.values()].sort(
      (a, b) => a.effort - b.effort || byCodeUnit(a.nodes.join('\n'), b.nodes.join('\n')),
    );
    if (next === undefined) break;
    found.push(next);
  }
  return found;
}

function cheapest(graph: AttackGraph, source: string, target: string): Path | null {
  if (!graph.hasNode(source) || !graph.hasNode(target)) return null;
  const found: string[] | null = dijkstra.bidirectional(graph, source, target, 'effort');
  return found === null ? null : { nodes: found, effort: effortOf(graph, found) };
}

const effortOf = (graph: AttackGraph, nodes: readonly string[]): number =>
  nodes
    .slice(1)
    .reduce((sum, to, index) => sum + graph.getEdgeAttribute(nodes[index] ?? '', to, 'effort'), 0);
