import type { GraphItem, ItemStatus } from '../contracts/graph.js';
import type { CategoryMetrics, WorkMetrics } from '../contracts/work.js';
import { type GraphState, isSettled, itemState } from './graph-state.js';

/** How the work stands, by category: what every change of the state leads to. */
export const workMetrics = (state: GraphState): WorkMetrics =>
  metricsOf(
    state.graph.items.map(({ id, category }) => {
      const { status, result } = itemState(state, id);
      return { category, status, discoveries: status === 'completed' ? (result?.discoveries ?? 0) : 0 };
    }),
  );

/** One item as its work is counted. */
export interface CountedItem extends Pick<GraphItem, 'category'> {
  readonly status: ItemStatus;
  /** How many discoveries the outcome carries that it completed with. */
  readonly discoveries: number;
}

/** How work stands, from where each item stands. Categories are in the order of their names. */
export function metricsOf(items: readonly CountedItem[]): WorkMetrics {
  const categories = new Map<string, CategoryMetrics>();
  for (const { category, status } of items) {
    const counts = categories.get(category) ?? nothing;
    const kind = kindOf(status);
    categories.set(category, { ...counts, [kind]: counts[kind] + 1 });
  }
  const sorted = [...categories].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    total_discoveries: items.reduce((sum, { discoveries }) => sum + discoveries, 0),
    completed_work: items.filter(({ status }) => status === 'completed').length,
    active_categories: sorted.flatMap(([category, { active }]) => (active > 0 ? [category] : [])),
    blocked_work: items.filter(({ status }) => status === 'blocked' || status === 'awaiting_review').length,
    categories: Object.fromEntries(sorted),
  };
}

const nothing: CategoryMetrics = { completed: 0, active: 0, pending: 0, failed: 0 };

/** What was skipped has ended without being done, as what failed has. */
function kindOf(status: ItemStatus): keyof CategoryMetrics {
  if (status === 'completed') return 'completed';
  if (isSettled({ status })) return 'failed';
  return status === 'pending' || status === 'ready' ? 'pending' : 'active';
}
