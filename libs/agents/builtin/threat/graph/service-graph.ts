import { DirectedGraph } from 'graphology';
import { byCodeUnit } from '../../subject/order.js';
import type { Connection, Description, Place } from '../description/description.js';

/** All connections from one service to another, as one. */
export interface Link {
  /** False where any of them is in the clear, true where one is encrypted and none is not, else null. */
  readonly encrypted: boolean | null;
  readonly credential: boolean;
  /** Of the connection that decides about encryption. */
  readonly place: Place;
}

export type ServiceGraph = DirectedGraph<Record<string, never>, Link>;

/** Which service uses which. Nodes and edges in the order of their names, so that searches are the same everywhere. */
export function serviceGraph({
  services,
  connections,
}: Pick<Description, 'services' | 'connections'>): ServiceGraph {
  const graph: ServiceGraph = new DirectedGraph();
  for (const { name } of services) graph.addNode(name);
  const pairs = Map.groupBy(connections, ({ from, to }) => `${from}\n${to}`);
  for (const [, both] of [...pairs].sort(([a], [b]) => byCodeUnit(a, b))) {
    const [first] = both;
    if (first !== undefined) graph.addEdge(first.from, first.to, linkOf(first, both));
  }
  return graph;
}

function linkOf(first: Connection, all: readonly Connection[]): Link {
  const plain = all.find(({ encrypted }) => encrypted === false);
  const encrypted = all.find((connection) => connection.encrypted === true);
  return {
    encrypted: plain === undefined ? (encrypted === undefined ? null : true) : false,
    credential: all.some(({ credential }) => credential),
    place: (plain ?? encrypted ?? first).place,
  };
}
