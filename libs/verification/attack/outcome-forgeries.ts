import type { Execution } from '../../contracts/phase.js';
import { schemaProblems } from '../../templates/json-schema.js';
import { changingOutcome, contractsOf, withOutcome } from './changed-results.js';
import type { Forgery } from './forgery.js';

const one = 1;

/** Forgeries of what the results say. */
export const outcomeForgeries: readonly Forgery<Execution>[] = [
  {
    name: 'outcome-cut-off',
    by: 'A',
    forge: async ({ outcome: execution, store }) => {
      const [result] = execution.results;
      if (!result) return undefined;
      const bytes = await store.get(result.outcome.digest);
      const cut = await store.put(bytes.subarray(0, bytes.length - 1), result.outcome.mediaType);
      return { output: await withOutcome(store, execution, result, cut) };
    },
  },
  changingOutcome('baseline-with-more-passed', 'infrastructure', (report) => ({
    ...report,
    baseline: { ...report.baseline, passed: report.baseline.passed + one },
  })),
  changingOutcome('baseline-with-negative-failed', 'infrastructure', (report) => ({
    ...report,
    baseline: {
      ...report.baseline,
      passed: report.baseline.passed + report.baseline.failed + one,
      failed: -one,
    },
  })),
  changingOutcome('baseline-with-a-test-twice', 'infrastructure', (report) => {
    const { baseline } = report;
    const [first] = baseline.tests;
    if (!first) return undefined;
    const count = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;
    const counted = { ...baseline, [count[first.verdict]]: baseline[count[first.verdict]] + one };
    return { ...report, baseline: { ...counted, tests: [first, ...baseline.tests] } };
  }),
  changingOutcome('validation-with-more-passed', 'validation', (report) => ({
    ...report,
    tests: { ...report.tests, passed: report.tests.passed + one },
  })),
  changingOutcome('validation-without-a-test', 'validation', (report) => {
    const left = report.tests.tests.findIndex(({ verdict }) => verdict === 'pass');
    if (left < 0) return undefined;
    const tests = report.tests.tests.filter((_, index) => index !== left);
    return { ...report, tests: { ...report.tests, tests, passed: report.tests.passed - one } };
  }),
  changingOutcome('validation-hiding-a-broken-test', 'validation', (report) => {
    const broken = report.tests.tests.findIndex(({ verdict }) => verdict === 'pass');
    if (broken < 0) return undefined;
    const tests = report.tests.tests.map((test, index) =>
      index === broken ? { ...test, verdict: 'fail' as const } : test,
    );
    const { passed, failed } = report.tests;
    return { ...report, tests: { ...report.tests, tests, passed: passed - one, failed: failed + one } };
  }),
  changingOutcome('validation-with-fewer-findings', 'validation', (report) => ({
    ...report,
    findings: { ...report.findings, all: report.findings.all - one },
  })),
  changingOutcome('validation-with-impossible-coverage', 'validation', (report) => ({
    ...report,
    coverage: { ...report.coverage, functions: 100.1 },
  })),
  changingOutcome('code-with-a-finding-left-out', 'code', (report) =>
    report.findings.length > 0 ? { ...report, findings: report.findings.slice(1) } : undefined,
  ),
  changingOutcome('code-with-fewer-in-total', 'code', (report) => ({
    ...report,
    totals: { ...report.totals, all: report.totals.all - one },
  })),
  changingOutcome('candidate-hiding-a-change', 'candidate', (report) =>
    report.changed.length > 0 ? { ...report, changed: report.changed.slice(1) } : undefined,
  ),
  changingOutcome('candidate-inventing-a-change', 'candidate', (report) => ({
    ...report,
    changed: [...report.changed, 'never/changed.js'],
  })),
  changingOutcome('synthesis-without-an-input', 'synthesis', (report) =>
    report.inputs.length > 0 ? { ...report, inputs: report.inputs.slice(1) } : undefined,
  ),
  changingOutcome('synthesis-with-an-input-twice', 'synthesis', (report) =>
    report.inputs.length > 0
      ? { ...report, inputs: [...report.inputs, ...report.inputs.slice(0, 1)] }
      : undefined,
  ),
  changingOutcome('checkpoint-against-its-criteria', 'checkpoint', (report) => ({
    ...report,
    passed: !report.passed,
  })),
  changingOutcome('checkpoint-without-criteria', 'checkpoint', (report) => ({ ...report, criteria: [] })),
  changingOutcome('report-that-is-none', 'custom', () => []),
  {
    name: 'report-against-its-schema',
    by: 'A',
    forge: async (material) => {
      const { outcome: execution, store } = material;
      const contracts = await contractsOf(material);
      const result = execution.results.find(({ item }) => {
        const schema = contracts.get(item)?.schema;
        return schema && schemaProblems(schema, {}).length > 0;
      });
      return result && { output: await withOutcome(store, execution, result, await store.putJson({})) };
    },
  },
  changingOutcome('outcome-with-an-unknown-field', 'architecture', (report) => ({
    ...report,
    trusted: true,
  })),
];
