import type { TestRun } from '../../../contracts/reports/tests.js';

/** Tests that passed in the baseline and ran without passing now, and tests of the baseline that did not run now. */
export function compareWithBaseline(
  baseline: TestRun,
  now: TestRun,
): { broken: string[]; missing: string[] } {
  const verdicts = new Map(now.tests.map(({ name, verdict }) => [name, verdict]));
  const passed = baseline.tests.filter(({ verdict }) => verdict === 'pass').map(({ name }) => name);
  return {
    broken: passed.filter((name) => verdicts.has(name) && verdicts.get(name) !== 'pass'),
    missing: baseline.tests.map(({ name }) => name).filter((name) => !verdicts.has(name)),
  };
}
