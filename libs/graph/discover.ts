import type { GraphItem, WorkGraph } from '../contracts/graph.js';
import { referenceProblems } from './references.js';

/** Items that a graph may have, those that were discovered included; as `libs/contracts/template` says it. */
export const mostItems = 5000;

/**
 * Why items cannot be added to a graph; undefined where they can. Refused is what makes the graph larger than
 * {@link mostItems}, repeats an id, refers to what does not exist, or waits for itself.
 */
export function whyNotAdded(graph: WorkGraph, items: readonly GraphItem[]): string | undefined {
  if (graph.items.length + items.length > mostItems) return `A graph has at most ${mostItems} items.`;
  const known = new Set(graph.items.map(({ id }) => id));
  const lost = items.find(({ workspace, after }) => workspace !== null && !after.includes(workspace));
  if (lost) return `${lost.id} works on what ${lost.workspace} hands back, but does not come after it.`;
  const [problem] = referenceProblems(items, known);
  return problem?.reason;
}
