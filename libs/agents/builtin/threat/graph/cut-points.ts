import { byCodeUnit } from '../../subject/order.js';

/** Neighbours of each node of an undirected graph. */
export type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** An undirected graph of these edges; loops say nothing and are left out. */
export function neighboursOf(
  nodes: readonly string[],
  edges: readonly (readonly [string, string])[],
): Neighbours {
  const found = new Map<string, Set<string>>(nodes.map((node) => [node, new Set()]));
  for (const [a, b] of edges) {
    if (a === b) continue;
    found.get(a)?.add(b);
    found.get(b)?.add(a);
  }
  return found;
}

interface Visit {
  readonly node: string;
  readonly parent: string | null;
  readonly rest: string[];
  children: number;
}

/**
 * The articulation points and bridges of an undirected graph: nodes and edges without which a part that hung together
 * falls apart. By one depth-first search with low points (Hopcroft and Tarjan), without recursion; sorted.
 */
export function cutPoints(graph: Neighbours): { articulations: string[]; bridges: [string, string][] } {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const articulations = new Set<string>();
  const bridges: [string, string][] = [];
  const numberOf = (map: Map<string, number>, node: string): number => map.get(node) ?? 0;
  const enter = (node: string, parent: string | null): Visit => {
    order.set(node, order.size);
    low.set(node, numberOf(order, node));
    return { node, parent, rest: [...(graph.get(node) ?? [])].sort(byCodeUnit), children: 0 };
  };
  for (const root of [...graph.keys()].sort(byCodeUnit)) {
    if (order.has(root)) continue;
    const stack = [enter(root, null)];
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const { node, parent } = visit;
      const next = visit.rest.shift();
      if (next !== undefined) {
        if (next === parent) continue;
        if (order.has(next)) low.set(node, Math.min(numberOf(low, node), numberOf(order, next)));
        else {
          visit.children += 1;
          stack.push(enter(next, node));
        }
        continue;
      }
      stack.pop();
      if (parent === null) {
        if (visit.children > 1) articulations.add(node);
        continue;
      }
      low.set(parent, Math.min(numberOf(low, parent), numberOf(low, node)));
      const above = stack.at(-1);
      if (above?.parent !== null && numberOf(low, node) >= numberOf(order, parent)) articulations.add(parent);
      if (numberOf(low, node) > numberOf(order, parent))
        bridges.push(byCodeUnit(parent, node) < 0 ? [parent, node] : [node, parent]);
    }
  }
  return {
    articulations: [...articulations].sort(byCodeUnit),
    bridges: bridges.sort((a, b) => byCodeUnit(a.join('\n'), b.join('\n'))),
  };
}

/** Nodes by the parts that hang together; without some of them, where they are left out. */
export function partsOf(graph: Neighbours, without: ReadonlySet<string> = new Set()): string[][] {
  const seen = new Set(without);
  const parts: string[][] = [];
  for (const start of [...graph.keys()].sort(byCodeUnit)) {
    if (seen.has(start)) continue;
    const part: string[] = [];
    const waiting = [start];
    seen.add(start);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      part.push(node);
      for (const next of graph.get(node) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    parts.push(part.sort(byCodeUnit));
  }
  return parts;
}
