import { z } from 'zod';

/** One test by its full name (suites joined by ` > `) and what came out of it. */
export const testVerdictSchema = z.strictObject({
  name: z.string(),
  verdict: z.enum(['pass', 'fail', 'skip']),
});
export type TestVerdict = z.infer<typeof testVerdictSchema>;

/** A real run of a test suite. Sorted by name; names that occur twice get a counter. */
export const testRunSchema = z.strictObject({
  command: z.string(),
  runner: z.string(),
  tests: z.array(testVerdictSchema),
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  exitCode: z.int().nullable(),
});
export type TestRun = z.infer<typeof testRunSchema>;

/** Coverage of the library's own files by that run, in percent with one decimal; null where nothing was counted. */
export const coverageSchema = z.strictObject({
  lines: z.number().nullable(),
  functions: z.number().nullable(),
  branches: z.number().nullable(),
});
export type Coverage = z.infer<typeof coverageSchema>;
