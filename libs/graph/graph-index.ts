import type { GraphItem, WorkGraph } from '../contracts/graph.js';
import { rulesOf } from './graph-state.js';

/** What is asked of a graph again and again, made once per list of items. */
export interface GraphIndex {
  readonly byId: ReadonlyMap<string, GraphItem>;
  /** The place of each item in the graph's order. */
  readonly order: ReadonlyMap<string, number>;
  /** By item: the items that come after it. */
  readonly dependants: ReadonlyMap<string, readonly string[]>;
  /** By item: the items that sleep until it has failed. */
  readonly sleepers: ReadonlyMap<string, readonly string[]>;
}

const indices = new WeakMap<readonly GraphItem[], GraphIndex>();

/** The index of a graph's items. */
export function indexOf({ items }: Pick<WorkGraph, 'items'>): GraphIndex {
  const known = indices.get(items);
  if (known) return known;
  const dependants = new Map<string, string[]>();
  const sleepers = new Map<string, string[]>();
  for (const item of items) {
    for (const id of item.after) push(dependants, id, item.id);
    const { standby } = rulesOf(item);
    if (standby) push(sleepers, standby.for, item.id);
  }
  const index: GraphIndex = {
    byId: new Map(items.map((item) => [item.id, item])),
    order: new Map(items.map(({ id }, place) => [id, place])),
    dependants,
    sleepers,
  };
  indices.set(items, index);
  return index;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
