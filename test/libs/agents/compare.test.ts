import { describe, expect, test } from 'vitest';
import { compareOutcomes } from '../../../libs/agents/compare.js';

const run = (tests: object[], more: object = {}) => ({
  command: 'test',
  runner: 'node',
  passed: 1,
  failed: 0,
  skipped: 0,
  exitCode: 0,
  ...more,
  tests,
});
const a = { name: 'a', verdict: 'pass' };
const b = { name: 'b', verdict: 'pass' };

describe('digest', () => {
  test('the order of members does not matter, every value does', () => {
    expect(compareOutcomes('digest', { x: 1, y: [1, 2] }, { y: [1, 2], x: 1 })).toEqual({
      equal: true,
      differences: [],
    });
    expect(compareOutcomes('digest', { x: 1, y: [1, 2] }, { x: 1, y: [2, 1], z: 0 })).toEqual({
      equal: false,
      differences: ['/y/0: 1, then 2', '/y/1: 2, then 1', '/z: absent, then 0'],
    });
  });

  test('many differences are counted', () => {
    const { differences } = compareOutcomes('digest', Array(100).fill(1), Array(100).fill(2));
    expect(differences).toHaveLength(21);
    expect(differences.at(-1)).toBe('and 80 more');
  });
});

describe('same-test-verdicts', () => {
  test('coverage may differ', () => {
    const first = { kind: 'infrastructure', baseline: run([a]), coverage: { lines: 10 } };
    const second = { kind: 'infrastructure', baseline: run([a]), coverage: { lines: 20 } };
    expect(compareOutcomes('same-test-verdicts', first, second).equal).toBe(true);
    const validation = (lines: number) => ({ kind: 'validation', tests: run([a, b]), coverage: { lines } });
    expect(compareOutcomes('same-test-verdicts', validation(1), validation(2)).equal).toBe(true);
  });

  test('a verdict, a test more or less, and anything beside the tests may not', () => {
    const first = { kind: 'infrastructure', baseline: run([a, b]), secrets: [] };
    const other = (baseline: object, secrets: object[] = []) =>
      compareOutcomes('same-test-verdicts', first, { kind: 'infrastructure', baseline, secrets }).differences;
    expect(other(run([a, { ...b, verdict: 'fail' }]))).toEqual(['/baseline/tests/b: "pass", then "fail"']);
    expect(other(run([a]))).toEqual(['/baseline/tests/b: "pass", then absent']);
    expect(other(run([a, b]), [{ rule: 'x' }])).toEqual(['/secrets/0: absent, then {"rule":"x"}']);
  });

  test('outcomes without a test run are never the same', () => {
    expect(compareOutcomes('same-test-verdicts', {}, {})).toEqual({
      equal: false,
      differences: ['The first outcome holds no test run.', 'The second outcome holds no test run.'],
    });
  });
});

describe('same-findings', () => {
  const finding = { tool: 't', rule: 'r', severity: 'minor', file: 'a.js', line: 1, message: 'one' };
  const report = (...findings: object[]) => ({ kind: 'code', findings });

  test('messages, severities and order may differ', () => {
    const other = { ...finding, rule: 's' };
    const first = report(finding, other);
    const second = report(other, { ...finding, message: 'two', severity: 'major' });
    expect(compareOutcomes('same-findings', first, second).equal).toBe(true);
  });

  test('place, rule and number may not', () => {
    expect(compareOutcomes('same-findings', report(finding), report({ ...finding, line: 2 })).equal).toBe(
      false,
    );
    expect(compareOutcomes('same-findings', report(finding), report(finding, finding)).equal).toBe(false);
  });
});
