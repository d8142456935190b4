import { describe, expect, it } from 'vitest';
import { countTests } from '../../../../apps/local/checks/count-tests.js';

const report = (...files: { status: string; tests: string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }, index) => ({
      name: `file ${index}`,
      status,
      assertionResults: tests.map((test) => ({ status: test, fullName: `a ${test} test` })),
    })),
  });

describe('the count of tests', () => {
  it('is what the report says', () => {
    const text = report(
      { status: 'passed', tests: ['passed', 'passed'] },
      { status: 'failed', tests: ['passed', 'failed'] },
    );
    expect(countTests(text, 1)).toEqual({ passed: 3, failed: 1, notRun: [] });
  });

  it('names the tests that did not run, and counts them as neither', () => {
    const text = report({ status: 'passed', tests: ['passed', 'skipped', 'todo'] });
    expect(countTests(text, 0)).toEqual({ passed: 1, failed: 0, notRun: ['a skipped test', 'a todo test'] });
  });

  it('takes a file that could not be loaded as one failure', () => {
    const text = report({ status: 'failed', tests: [] }, { status: 'passed', tests: ['passed'] });
    expect(countTests(text, 1)).toEqual({ passed: 1, failed: 1, notRun: [] });
  });

  it('has a failure where every test passed and vitest still failed', () => {
    expect(countTests(report({ status: 'passed', tests: ['passed'] }), 1)).toEqual({
      passed: 1,
      failed: 1,
      notRun: [],
    });
  });

  it('has a failure where there is no report', () => {
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, notRun: [] });
  });
});
