import type { PerformanceReport } from '../../../contracts/reports/assurance.js';

type Verdict = PerformanceReport['load'];

/** From where on more is a degradation: more than `times` as much, and more than `least` above it. */
interface Tolerance {
  readonly times: number;
  readonly least: number;
}

/**
 * Wide on purpose for what is measured in time: of several runs of each side the cheapest counts, and noise of a busy
 * machine does not double that. The reference page `structured-change` repeats them.
 */
export const tolerances = {
  /** Milliseconds of CPU time. */
  load: { times: 2, least: 250 },
  /** Bytes of memory. */
  memory: { times: 1.5, least: 64 * 1024 * 1024 },
  /** Bytes that are published. */
  size: { times: 1.1, least: 4096 },
} as const satisfies Record<string, Tolerance>;

/** Whether what is measured now is within the tolerance of what was measured before. */
export function verdictOf(before: number | null, after: number | null, { times, least }: Tolerance): Verdict {
  if (before === null || after === null) return 'not-measured';
  return after > before * times && after - before > least ? 'degraded' : 'within';
}

/** The cheapest of several runs: null where one of them was not measured. */
export function cheapest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : Math.min(...known);
}
