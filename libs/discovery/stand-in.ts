import type { GraphItem } from '../contracts/graph.js';

/** Stands where an item stands that found something, for what was found by none of the run. It is never in a graph. */
export const standIn = ({
  id,
  title,
  category,
}: Pick<GraphItem, 'id' | 'title' | 'category'>): GraphItem => ({
  id,
  title,
  category,
  kind: 'agent',
  body: id,
  after: [],
  workspace: null,
  candidate: null,
  agents: [],
  timeoutMs: 1,
  repairs: null,
});
