import type { Execution } from '../contracts/phase.js';
import type { WorkView } from '../contracts/work.js';
import { countWork } from './work-metrics.js';

/** The work of an execute that has completed, from what it staged. */
export function workOfExecution({ graph, results, unfinished }: Execution): WorkView {
  const byItem = new Map(results.map((result) => [result.item, result]));
  const without = new Map(unfinished.map((one) => [one.item, one]));
  const metrics = countWork(
    graph.items.map(({ id, category }) => {
      const result = byItem.get(id);
      const { status, code } = without.get(id) ?? { status: 'pending' as const, code: null };
      return {
        category,
        status: result ? 'completed' : status,
        code: result ? null : code,
        discoveries: result?.discoveries ?? 0,
      };
    }),
  );
  return {
    ...metrics,
    complete: {
      categories_completed: Object.entries(metrics.categories).flatMap(
        ([category, { completed, active, pending }]) =>
          completed > 0 && active === 0 && pending === 0 ? [category] : [],
      ),
      total_work_items: graph.items.length,
    },
  };
}
