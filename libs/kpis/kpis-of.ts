import type { GraphItem } from '../contracts/graph.js';
import type { Kpis } from '../contracts/kpis.js';

/** One execution of an item. Times are ISO 8601. */
export interface Executed {
  readonly startedAt: string;
  /** Null while it has not ended. */
  readonly endedAt: string | null;
  readonly attempts: number;
  readonly ended: 'completed' | 'failed' | 'cancelled' | null;
}

export interface Figures {
  readonly run: string;
  readonly items: readonly Pick<GraphItem, 'id' | 'kind' | 'category'>[];
  readonly executions: ReadonlyMap<string, readonly Executed[]>;
  /** Largest memory against what was allowed, of each execution that measured it. */
  readonly memoryShares: readonly number[];
  readonly quality: Kpis['quality_metrics'];
}

/** The figures of a run. Pure; what there is nothing of is null. */
export function kpisOf({ run, items, executions, memoryShares, quality }: Figures): Kpis {
  const spanOf = (wanted: readonly Pick<GraphItem, 'id'>[]): number | null =>
    span(wanted.flatMap(({ id }) => executions.get(id) ?? []));
  const work = items.filter(({ kind }) => kind === 'agent' || kind === 'map');
  const ofCategory = (category: string): number | null =>
    spanOf(work.filter((item) => item.category === category));
  const consolidations = items.filter(({ kind }) => kind === 'consolidation');
  const [first] = consolidations;
  const last = consolidations.length > 1 ? consolidations.at(-1) : undefined;
  const agents = work.flatMap(({ id }) => executions.get(id) ?? []);
  return {
    run,
    phase_durations: {
      analysis: ofCategory('analysis'),
      consolidation_1: first ? spanOf([first]) : null,
      implementation: ofCategory('implementation'),
      testing: ofCategory('validation'),
      final_consolidation: last ? spanOf([last]) : null,
    },
    category_durations: Object.fromEntries(
      [...new Set(work.map(({ category }) => category))].map((category) => [category, ofCategory(category)]),
    ),
    agent_performance: {
      success_rate: successRate(agents),
      average_execution_time: mean(
        agents.flatMap(({ startedAt, endedAt }) => (endedAt === null ? [] : [secondsOf(startedAt, endedAt)])),
      ),
      resource_efficiency: mean(memoryShares),
    },
    quality_metrics: quality,
  };
}

const secondsOf = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;

const mean = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function span(executions: readonly Executed[]): number | null {
  const ends = executions.flatMap(({ endedAt }) => endedAt ?? []).sort();
  const [begin] = executions.map(({ startedAt }) => startedAt).sort();
  const end = ends.at(-1);
  return begin === undefined || end === undefined ? null : secondsOf(begin, end);
}

/** Attempts before the last of an execution have failed; the last one ended as the execution did. */
function successRate(executions: readonly Executed[]): number | null {
  const over = executions.filter(({ ended }) => ended === 'completed' || ended === 'failed');
  const attempts = over.reduce((sum, one) => sum + Math.max(1, one.attempts), 0);
  return attempts === 0 ? null : over.filter(({ ended }) => ended === 'completed').length / attempts;
}
