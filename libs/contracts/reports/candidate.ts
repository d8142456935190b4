import { z } from 'zod';
import { fileCountSchema } from './finding.js';
import { coverageSchema, testRunSchema } from './tests.js';

/** `candidate`: what one strategy did to the workspace; the changed workspace itself is the result's snapshot. */
export const candidateReportSchema = z.strictObject({
  kind: z.literal('candidate'),
  strategy: z.string(),
  tools: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  changed: z.array(z.string()),
  /** Files that were left as they were, and why (such as: the tests fail with the change). */
  left: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
});
export type CandidateReport = z.infer<typeof candidateReportSchema>;

/** `validation`: tests and linters on one candidate, in a fresh sandbox. */
export const validationReportSchema = z.strictObject({
  kind: z.literal('validation'),
  tests: testRunSchema,
  coverage: coverageSchema,
  /** Tests that passed in the baseline and do not pass now. */
  broken: z.array(z.string()),
  /** Tests of the baseline that were not run now. */
  missing: z.array(z.string()),
  findings: z.strictObject({
    all: z.int(),
    byTool: z.record(z.string(), z.int()),
    byFile: z.array(fileCountSchema),
  }),
  /** Against the captured subject. */
  change: z.strictObject({
    files: z.int(),
    linesAdded: z.int(),
    linesRemoved: z.int(),
    /** The largest run of lines that one hunk deletes without adding: a risk that tests may not see. */
    largestDeletion: z.int(),
  }),
  /** Cyclomatic complexity of the library's functions, summed, before and after. */
  complexity: z.strictObject({ before: z.int(), after: z.int() }),
  /** Lines of the library before and after. */
  lines: z.strictObject({ before: z.int(), after: z.int() }),
});
export type ValidationReport = z.infer<typeof validationReportSchema>;
