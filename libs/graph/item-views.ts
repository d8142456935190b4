import type { ItemView } from '../contracts/graph.js';
import { type GraphState, itemState } from './graph-state.js';
import { ladderOf } from './ladder.js';

/** The items as people see them, in the graph's order. */
export const itemViews = (state: GraphState): ItemView[] =>
  state.graph.items.map((item) => {
    const { status, occurrence, rung = 0, result, code, startedAt, endedAt } = itemState(state, item.id);
    const on = ladderOf(item)[rung];
    const chosen = occurrence > 0 && on?.kind === 'execute' ? item.agents[on.agent] : undefined;
    return {
      id: item.id,
      title: item.title,
      category: item.category,
      status,
      agent: result?.agent?.id ?? chosen?.id ?? null,
      candidate: item.candidate,
      summary: result?.summary ?? null,
      code,
      startedAt,
      endedAt,
    };
  });
