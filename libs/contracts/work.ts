import { z } from 'zod';
import { digestSchema } from './artifact.js';

const count = z.int().nonnegative();

/** How the work of one category stands. What was skipped because nobody misses it is in none of the counts. */
export const categoryMetricsSchema = z.strictObject({
  completed: count,
  /** Being executed, or about to be executed again. */
  active: count,
  /** Waits for others, for a free lane, or for a person. */
  pending: count,
  /** Ended without a result. */
  failed: count,
});
export type CategoryMetrics = z.infer<typeof categoryMetricsSchema>;

/** How the work of a run stands (A4-15). */
export const workMetricsSchema = z.strictObject({
  /** Discoveries that the outcomes of completed items carry, whatever became of them. */
  total_discoveries: count,
  completed_work: count,
  /** Categories of which something is being executed, in the order of their names. */
  active_categories: z.array(z.string()),
  /** Items that wait for a person. */
  blocked_work: count,
  categories: z.record(z.string(), categoryMetricsSchema),
});
export type WorkMetrics = z.infer<typeof workMetricsSchema>;

/** What a run has come to whose work has ended (A4-14). */
export const workCompleteSchema = z.strictObject({
  /** Categories of which something completed and nothing is left, in the order of their names. */
  categories_completed: z.array(z.string()),
  /** Items of the graph, with those that were added. */
  total_work_items: count,
});

/** The work of a run as it stands; `complete` is null until execute has completed. */
export const workViewSchema = workMetricsSchema.extend({ complete: workCompleteSchema.nullable() });
export type WorkView = z.infer<typeof workViewSchema>;

/** What execute's workflow answers to the query `ledger`. */
export const ledgerAnswerSchema = z.strictObject({
  /** The ledger of discoveries so far; null where there is none yet. */
  ledger: digestSchema.nullable(),
  work: workMetricsSchema,
});
export type LedgerAnswer = z.infer<typeof ledgerAnswerSchema>;
