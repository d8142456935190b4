import { expect, test } from 'vitest';
import { compareWithBaseline } from '../../../../../libs/agents/builtin/suite/compare-with-baseline.js';
import type { TestRun } from '../../../../../libs/contracts/reports/tests.js';

const runOf = (verdicts: Record<string, 'pass' | 'fail' | 'skip'>): TestRun => ({
  command: 'test',
  runner: 'node',
  tests: Object.entries(verdicts).map(([name, verdict]) => ({ name, verdict })),
  passed: 0,
  failed: 0,
  skipped: 0,
  exitCode: 0,
});

test('a test that passed and now fails or is skipped is broken; one that failed before is not', () => {
  const before = runOf({ a: 'pass', b: 'pass', c: 'fail', d: 'pass' });
  const now = runOf({ a: 'fail', b: 'skip', c: 'fail', d: 'pass', e: 'fail' });
  expect(compareWithBaseline(before, now)).toEqual({ broken: ['a', 'b'], missing: [] });
});

test('a test of the baseline that did not run is missing, also if it failed before', () => {
  expect(compareWithBaseline(runOf({ a: 'pass', b: 'fail' }), runOf({}))).toEqual({
    broken: [],
    missing: ['a', 'b'],
  });
});
