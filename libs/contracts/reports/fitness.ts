import { z } from 'zod';

/** What the fitness of a candidate is computed from: outcomes, never times. docs/reference/fitness.md has the formula. */
export const fitnessMeasurementsSchema = z.strictObject({
  /** Linters' findings that are comparable, before and after. */
  findings: z.strictObject({ before: z.int(), after: z.int() }),
  /** Cyclomatic complexity, summed over the functions of the library. */
  complexity: z.strictObject({ before: z.int(), after: z.int() }),
  /** Lines added and removed, and lines of the library before. */
  change: z.strictObject({ lines: z.int(), before: z.int() }),
  /** Checks that verifiers made on the candidate's own items, and how many of them were ok. */
  verification: z.strictObject({ checks: z.int(), ok: z.int() }),
});
export type FitnessMeasurements = z.infer<typeof fitnessMeasurementsSchema>;
