import { z } from 'zod';

/** The part of vitest's JSON report that is counted. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** How many tests passed, failed, and did not run because something that they need is not there. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** Names of those that did not run. */
  readonly notRun: readonly string[];
}

/**
 * Counts the tests of vitest's JSON report. A file that could not be loaded is a failure; where vitest failed for
 * another reason, such as an error outside of any test, that is one failure more.
 *
 * @param report the report as it was written, or undefined where there is none
 * @param exitCode what vitest ended with
 */
export function countTests(report: string | undefined, exitCode: number): TestCount {
  if (report === undefined) return { passed: 0, failed: 1, notRun: [] };
  const files = reportSchema.parse(JSON.parse(report)).testResults;
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const failures = tests.filter(({ status }) => status === 'failed').length;
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = failures + broken;
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    notRun: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
  };
}
