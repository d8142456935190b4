import { z } from 'zod';

/** Seconds from the first start to the last end; null where it has not begun, or there is no such part. */
const seconds = z.number().nonnegative().nullable();
const ratio = z.number().min(0).nullable();

/** Figures of a run, from its histories and outcomes. What nobody measured is null. */
export const kpisSchema = z.strictObject({
  run: z.string(),
  phase_durations: z.strictObject({
    analysis: seconds,
    /** The first consolidation. */
    consolidation_1: seconds,
    implementation: seconds,
    /** The category `validation`. */
    testing: seconds,
    /** The last consolidation, where there is more than one. */
    final_consolidation: seconds,
  }),
  /** Each category that has items, those above included; without its barriers. */
  category_durations: z.record(z.string(), seconds),
  agent_performance: z.strictObject({
    /** Attempts that completed, of all that ended; 0 to 1. */
    success_rate: ratio,
    /** Seconds of an execution, on average. */
    average_execution_time: seconds,
    /** Largest memory of an execution against what its sandbox allowed, on average; 0 to 1. */
    resource_efficiency: ratio,
  }),
  quality_metrics: z.strictObject({
    /** Percent of the lines that the tests of the result reach. */
    test_coverage: ratio,
    /** Exported names that are documented, of all; 0 to 1. */
    documentation_completeness: ratio,
    /** Tests of the result that fail, of those that ran; 0 to 1. */
    error_rate: ratio,
  }),
});
export type Kpis = z.infer<typeof kpisSchema>;
