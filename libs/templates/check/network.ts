/** That one node waits for another, and where it says so. */
export interface Edge {
  readonly to: number;
  /** JSON pointer. */
  readonly path: string;
}

/** Who waits for whom, by number. Everything here takes time in proportion to nodes and edges. */
export class Network {
  readonly #edges: readonly (readonly Edge[])[];
  #components: readonly (readonly number[])[] | undefined;
  #before: readonly Uint32Array[] | undefined;

  constructor(edges: readonly (readonly Edge[])[]) {
    this.#edges = edges;
  }

  /** One circle of each group of nodes that wait for one another: a shortest through its first node. */
  circles(): Edge[][] {
    return this.components()
      .filter((group) => this.isCircular(group))
      .map((group) => this.circleIn(group))
      .sort(([one], [other]) => (one?.to ?? 0) - (other?.to ?? 0));
  }

  /** Whether one node waits for another, directly or not. */
  isBefore(one: number, other: number): boolean {
    this.#before ??= this.ancestors();
    return (((this.#before[other]?.[one >>> 5] ?? 0) >>> (one & 31)) & 1) === 1;
  }

  /** Groups of nodes that reach one another, each after those that it waits for (Tarjan's algorithm). */
  private components(): readonly (readonly number[])[] {
    if (this.#components) return this.#components;
    const count = this.#edges.length;
    const order = new Int32Array(count).fill(-1);
    const lowest = new Int32Array(count);
    const waiting = new Uint8Array(count);
    const stack: number[] = [];
    const groups: number[][] = [];
    let visited = 0;
    for (let root = 0; root < count; root++) {
      if (order[root] !== -1) continue;
      // An explicit stack: a chain may have thousands of nodes.
      const path: { node: number; next: number }[] = [];
      const enter = (node: number): void => {
        order[node] = lowest[node] = visited++;
        stack.push(node);
        waiting[node] = 1;
        path.push({ node, next: 0 });
      };
      enter(root);
      for (let top = path.at(-1); top; top = path.at(-1)) {
        const { node } = top;
        const edge = this.#edges[node]?.[top.next++];
        if (edge && order[edge.to] === -1) enter(edge.to);
        else if (edge) {
          if (waiting[edge.to]) lowest[node] = Math.min(lowest[node] ?? 0, order[edge.to] ?? 0);
        } else {
          path.pop();
          const parent = path.at(-1)?.node;
          if (parent !== undefined) lowest[parent] = Math.min(lowest[parent] ?? 0, lowest[node] ?? 0);
          if (lowest[node] === order[node]) groups.push(takeGroup(stack, waiting, node));
        }
      }
    }
    this.#components = groups;
    return groups;
  }

  private isCircular(group: readonly number[]): boolean {
    const [node] = group;
    return (
      group.length > 1 || (node !== undefined && (this.#edges[node] ?? []).some(({ to }) => to === node))
    );
  }

  /** The edges of a shortest circle; the last one leads back to where the first one begins. */
  private circleIn(group: readonly number[]): Edge[] {
    const members = new Set(group);
    const start = Math.min(...group);
    const by = new Map<number, { from: number; edge: Edge }>();
    const queue = [start];
    for (const node of queue)
      for (const edge of this.#edges[node] ?? []) {
        if (!members.has(edge.to) || by.has(edge.to)) continue;
        by.set(edge.to, { from: node, edge });
        if (edge.to === start) return backFrom(start, by);
        queue.push(edge.to);
      }
    return [];
  }

  /** The ancestors of each node as bits: with thousands of nodes a few megabytes, and no search per question. */
  private ancestors(): Uint32Array[] {
    const words = (this.#edges.length + 31) >>> 5;
    const before = this.#edges.map(() => new Uint32Array(words));
    for (const group of this.components())
      for (const node of group) {
        const own = before[node];
        for (const { to } of this.#edges[node] ?? []) {
          const theirs = before[to];
          if (!own || !theirs) continue;
          for (let word = 0; word < words; word++) own[word] = (own[word] ?? 0) | (theirs[word] ?? 0);
          own[to >>> 5] = (own[to >>> 5] ?? 0) | (1 << (to & 31));
        }
      }
    return before;
  }
}

function takeGroup(stack: number[], waiting: Uint8Array, root: number): number[] {
  const group: number[] = [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    waiting[node] = 0;
    group.push(node);
    if (node === root) break;
  }
  return group;
}

function backFrom(start: number, by: ReadonlyMap<number, { from: number; edge: Edge }>): Edge[] {
  const edges: Edge[] = [];
  let at = start;
  do {
    const step = by.get(at);
    if (!step) break;
    edges.unshift(step.edge);
    at = step.from;
  } while (at !== start);
  return edges;
}
