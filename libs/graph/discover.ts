import type { GraphItem } from '../contracts/graph.js';
import { type GraphState, initial } from './graph-state.js';
import { referenceProblems } from './references.js';

/** Items that a graph may have, those that were discovered included. */
export const mostItems = 5000;

const mostRefusals = 100;

/**
 * The state with discovered items added: all of them, or none and the reason in `refused`. Refused is what comes
 * after the end, makes the graph larger than {@link mostItems}, repeats an id, refers to what does not exist, or
 * waits for itself.
 */
export function discover(state: GraphState, by: string, items: readonly GraphItem[]): GraphState {
  const reason = whyNot(state, items);
  if (reason !== undefined)
    return { ...state, refused: [...state.refused, { by, reason }].slice(0, mostRefusals) };
  return added(state, items);
}

/** The state with items added that are known to be sound. */
export const added = (state: GraphState, items: readonly GraphItem[]): GraphState => ({
  ...state,
  graph: { ...state.graph, items: [...state.graph.items, ...items] },
  items: { ...state.items, ...initial({ ...state.graph, items: [...items] }).items },
});

function whyNot(state: GraphState, items: readonly GraphItem[]): string | undefined {
  if (state.finished) return 'The work has ended; it is a follow-up for another run.';
  if (state.graph.items.length + items.length > mostItems) return `A graph has at most ${mostItems} items.`;
  const known = new Set(state.graph.items.map(({ id }) => id));
  const lost = items.find(({ workspace, after }) => workspace !== null && !after.includes(workspace));
  if (lost) return `${lost.id} works on what ${lost.workspace} hands back, but does not come after it.`;
  const [problem] = referenceProblems(items, known);
  return problem?.reason;
}
