import type { GraphItem } from '../contracts/graph.js';

/** Whether items of a kind are done by an agent. The others are barriers, which Heptad does itself. */
export const needsAgent = (kind: GraphItem['kind']): boolean => kind === 'agent' || kind === 'map';
