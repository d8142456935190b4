import { byCodeUnit } from '../../subject/order.js';

export interface Pipe {
  readonly from: string;
  readonly to: string;
  readonly capacity: number;
}

/**
 * The cheapest set of edges without which nothing gets from the source to the target, and its sum, which is the
 * maximum flow (Edmonds and Karp). Capacities that are finite sums of halves stay exact.
 */
export function minimumCut(
  pipes: readonly Pipe[],
  source: string,
  target: string,
): { value: number; cut: Pipe[] } {
  const left = new Map<string, Map<string, number>>();
  const row = (node: string): Map<string, number> => {
    const known = left.get(node) ?? new Map<string, number>();
    left.set(node, known);
    return known;
  };
  const change = (from: string, to: string, by: number): void => {
    row(from).set(to, (row(from).get(to) ?? 0) + by);
  };
  for (const { from, to, capacity } of pipes) {
    change(from, to, capacity);
    change(to, from, 0);
  }
  let value = 0;
  for (let path = augmenting(left, source, target); path !== null; path = augmenting(left, source, target)) {
    const steps = path.slice(1).map((to, index) => ({ from: path?.[index] ?? source, to }));
    const flow = Math.min(...steps.map(({ from, to }) => row(from).get(to) ?? 0));
    for (const { from, to } of steps) {
      change(from, to, -flow);
      change(to, from, flow);
    }
    value += flow;
    if (!Number.isFinite(value)) break;
  }
  const side = new Set([source]);
  for (const node of side) for (const [next, rest] of row(node)) if (rest > 0) side.add(next);
  return {
    value,
    cut: pipes
      .filter(({ from, to, capacity }) => capacity > 0 && side.has(from) && !side.has(to))
      .toSorted((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to)),
  };
}

/** The shortest path on which something can still flow; null where there is none. */
function augmenting(
  left: ReadonlyMap<string, ReadonlyMap<string, number>>,
  source: string,
  target: string,
): string[] | null {
  const before = new Map<string, string>();
  const seen = new Set([source]);
  for (const node of seen) {
    if (node === target) break;
    for (const [next, rest] of left.get(node) ?? []) {
      if (rest <= 0 || seen.has(next)) continue;
      seen.add(next);
      before.set(next, node);
    }
  }
  if (!before.has(target)) return null;
  const path = [target];
  for (let node = before.get(target); node !== undefined; node = before.get(node)) path.unshift(node);
  return path;
}

/**
 * How many paths there are of which no two share a node between source and target (Menger): the maximum flow where
 * each node lets one through.
 */
export function disjointPaths(
  edges: readonly { readonly from: string; readonly to: string }[],
  source: string,
  target: string,
): number {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const inside = (node: string): string => `in ${node}`;
  const outside = (node: string): string => `out ${node}`;
  const pipes = [
    ...nodes.map((node) => ({
      from: inside(node),
      to: outside(node),
      capacity: node === source || node === target ? nodes.length : 1,
    })),
    ...edges.map(({ from, to }) => ({ from: outside(from), to: inside(to), capacity: 1 })),
  ];
  return minimumCut(pipes, outside(source), inside(target)).value;
}
