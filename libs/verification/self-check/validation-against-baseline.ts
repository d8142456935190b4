import type { ValidationReport } from '../../contracts/reports/candidate.js';
import type { TestRun } from '../../contracts/reports/tests.js';

/**
 * What a validation says wrongly of the tests that the baseline ran: which of them it broke, which it did not run,
 * and whether the candidate was accepted for it.
 */
export function validationAgainstBaseline(
  baseline: TestRun,
  { tests, broken, missing }: ValidationReport,
  accepted: boolean,
): string[] {
  const problems: string[] = [];
  const now = new Map(tests.tests.map(({ name, verdict }) => [name, verdict]));
  for (const { name, verdict } of baseline.tests) {
    const found = now.get(name);
    if (found === undefined && !missing.includes(name))
      problems.push(`The test ${name} was not run, and is not called missing.`);
    if (verdict === 'pass' && found !== undefined && found !== 'pass' && !broken.includes(name))
      problems.push(`The test ${name} passed before and does not now, and is not called broken.`);
  }
  const before = new Map(baseline.tests.map(({ name, verdict }) => [name, verdict]));
  for (const name of broken)
    if (before.get(name) !== 'pass')
      problems.push(`The test ${name} is called broken, but did not pass before.`);
  for (const name of missing)
    if (!before.has(name)) problems.push(`The test ${name} is called missing, but is not in the baseline.`);
  const acceptable = tests.tests.length > 0 && broken.length === 0 && missing.length === 0;
  if (accepted !== acceptable)
    problems.push(
      accepted
        ? 'It was accepted, but no test ran, or it broke or did not run tests of the baseline.'
        : 'It was not accepted, although nothing is broken or missing.',
    );
  return problems;
}
