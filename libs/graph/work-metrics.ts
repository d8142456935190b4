import type { ItemStatus } from '../contracts/graph.js';
import type { CategoryMetrics, WorkMetrics } from '../contracts/work.js';
import { type GraphState, isSettled, itemState, notMissed } from './graph-state.js';

/** One item as its work is counted. */
export interface CountedItem {
  readonly category: string;
  readonly status: ItemStatus;
  /** Why it ended without a result, or waits. */
  readonly code: string | null;
  /** How many discoveries its outcome carries. */
  readonly discoveries: number;
}

/** How the work of a graph stands. Pure: the same state has the same metrics. */
export const workMetrics = (state: GraphState): WorkMetrics =>
  countWork(
    state.graph.items.map(({ id, category }) => {
      const { status, code, result } = itemState(state, id);
      return { category, status, code, discoveries: result?.discoveries ?? 0 };
    }),
  );

/** How work stands, from where each item stands. Only what completed has found something. */
export function countWork(items: readonly CountedItem[]): WorkMetrics {
  const categories = new Map<string, CategoryMetrics>();
  for (const { category, status, code } of items) {
    const counts = categories.get(category) ?? { completed: 0, active: 0, pending: 0, failed: 0 };
    const kind = kindOf(status, code);
    categories.set(category, kind === null ? counts : { ...counts, [kind]: counts[kind] + 1 });
  }
  const sorted = [...categories].sort(([one], [other]) => (one < other ? -1 : 1));
  const completed = items.filter(({ status }) => status === 'completed');
  return {
    total_discoveries: completed.reduce((sum, { discoveries }) => sum + discoveries, 0),
    completed_work: completed.length,
    active_categories: sorted.flatMap(([category, { active }]) => (active > 0 ? [category] : [])),
    blocked_work: items.filter(({ status }) => waitsForPerson(status)).length,
    categories: Object.fromEntries(sorted),
  };
}

function kindOf(status: ItemStatus, code: string | null): keyof CategoryMetrics | null {
  if (status === 'completed') return 'completed';
  if (status === 'skipped' && notMissed.has(code ?? '')) return null;
  if (isSettled({ status })) return 'failed';
  return status === 'pending' || status === 'ready' || waitsForPerson(status) ? 'pending' : 'active';
}

const waitsForPerson = (status: ItemStatus): boolean => status === 'blocked' || status === 'awaiting_review';
