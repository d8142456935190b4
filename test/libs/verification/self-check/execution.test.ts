import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../../libs/contracts/phase.js';
import { executionFailures, failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

test('a sound execution is accepted', async () => {
  expect(await executionFailures(await smallRun(), (execution) => execution)).toEqual({});
});

const changed = (execution: Execution, item: string, change: object): Execution => ({
  ...execution,
  results: execution.results.map((result) => (result.item === item ? { ...result, ...change } : result)),
});

/** Puts another outcome in the place of an item's. */
async function otherOutcome(
  small: SmallRun,
  item: string,
  change: (report: Record<string, unknown>) => unknown,
) {
  const result = small.execution.results.find((one) => one.item === item);
  if (!result) throw new Error(`There is no result of ${item}.`);
  const report = JSON.parse((await small.store.get(result.outcome.digest)).toString('utf8'));
  const outcome = await small.store.putJson(change(report));
  return await executionFailures(small, (execution) => changed(execution, item, { outcome }));
}

describe('rejected is', () => {
  test('an item without a result', async () => {
    const failures = await executionFailures(await smallRun(), (execution) => ({
      ...execution,
      results: execution.results.filter(({ item }) => item !== 'code'),
    }));
    expect(failures['each-item-once']).toContain('code has no result');
  });

  test('an item with two results', async () => {
    const failures = await executionFailures(await smallRun(), (execution) => ({
      ...execution,
      unfinished: [{ item: 'code', status: 'failed', code: 'AgentFailed' }],
    }));
    expect(failures['each-item-once']).toContain('code has 2 results');
  });

  test('an item that was not planned', async () => {
    const failures = await executionFailures(await smallRun(), (execution) => {
      const [first] = execution.graph.items;
      return {
        ...execution,
        graph: { ...execution.graph, items: [...execution.graph.items, { ...first, id: 'more' }] },
        unfinished: [{ item: 'more', status: 'failed', code: 'AgentFailed' }],
      };
    });
    expect(failures['graph-grown-from-plan']).toContain('The item more was added');
  });

  test('a checkpoint with a decision that its template does not ask for, or that its criteria do not give', async () => {
    const decided = (decision: string, warnings: string[]) => async () =>
      await otherOutcome(await smallRun(), 'checkpoint', (report) => ({ ...report, decision, warnings }));
    expect((await decided('PROCEED', ['style'])())['result:checkpoint']).toMatch(/what the matrix makes/);
    expect((await decided('BLOCK', [])())['result:checkpoint']).toMatch(
      /does not have it decide by the matrix/,
    );
  });

  test('a consolidation that gives a reason for what is not missing', async () => {
    const failures = await otherOutcome(await smallRun(), 'consolidation', (report) => ({
      ...report,
      lacking: [{ item: 'code', agent: null, code: 'AgentFailed', waived: null }],
    }));
    expect(failures['result:consolidation']).toMatch(/It is said why code is missing, which is not/);
    expect(failures['result:consolidation']).toMatch(/Why code has no result/);
  });

  test('a result of an agent that was not assigned', async () => {
    const small = await smallRun();
    const other = small.execution.results.find(({ item }) => item === 'architecture')?.agent;
    const failures = await executionFailures(small, (execution) =>
      changed(execution, 'code', { agent: other }),
    );
    expect(failures['result:code']).toContain('was not assigned');
  });

  test('other categories whose results make more work than were planned', async () => {
    const failures = await executionFailures(await smallRun(), (execution) => ({
      ...execution,
      graph: { ...execution.graph, consumes: ['analysis'] },
    }));
    expect(failures['graph-grown-from-plan']).toContain('The categories whose results make more work');
  });

  test('a fact that is not asked for, or is kept back', async () => {
    const unasked = await executionFailures(await smallRun(), (execution) =>
      changed(execution, 'code', { facts: { kind: 'code' } }),
    );
    expect(unasked['result:code']).toContain('The fact kind was not asked for.');
    const keptBack = await executionFailures(await smallRun(), (execution) => ({
      ...execution,
      graph: {
        ...execution.graph,
        items: execution.graph.items.map((item) =>
          item.id === 'code' ? { ...item, rules: { facts: ['kind', 'nowhere'] } } : item,
        ),
      },
    }));
    expect(keptBack['result:code']).toContain('The fact kind is not that of its outcome.');
    expect(keptBack['result:code']).not.toContain('nowhere');
  });

  test('discoveries that its outcome does not carry, and that are in no ledger', async () => {
    const failures = await executionFailures(await smallRun(), (execution) =>
      changed(execution, 'code', { discoveries: 2 }),
    );
    expect(failures['result:code']).toContain('It is said to carry 2 discoveries, and carries 0.');
    expect(failures['graph-grown-from-plan']).toContain('What code discovered is in no ledger.');
  });

  test('a workspace from an agent that may not write', async () => {
    const small = await smallRun();
    const failures = await executionFailures(small, (execution) =>
      changed(execution, 'code', { workspace: small.captured }),
    );
    expect(failures['result:code']).toContain('may not write');
  });

  test('an outcome of another contract', async () => {
    const failures = await otherOutcome(await smallRun(), 'code', () => ({ kind: 'candidate' }));
    expect(failures['result:code']).toContain('is not what was expected');
  });

  test('tests that do not add up', async () => {
    const failures = await otherOutcome(await smallRun(), 'infrastructure', (report) => ({
      ...report,
      baseline: { ...(report.baseline as object), passed: 3 },
    }));
    expect(failures['result:infrastructure']).toContain('3 tests are stated as pass, 2 are listed');
  });

  test('findings that are counted wrongly', async () => {
    const failures = await otherOutcome(await smallRun(), 'code', (report) => ({ ...report, findings: [] }));
    expect(failures['result:code']).toContain('has 0 findings, but 1 are stated');
  });

  test('a candidate that hides a change', async () => {
    const failures = await otherOutcome(await smallRun(), 'improve-a', (report) => ({
      ...report,
      changed: [],
    }));
    expect(failures['result:improve-a']).toContain('index.js differs, but is not said to be changed');
  });

  test('a candidate that did not change what it says', async () => {
    const small = await smallRun();
    const failures = await executionFailures(small, (execution) =>
      changed(execution, 'improve-a', { workspace: small.captured }),
    );
    expect(failures['result:improve-a']).toContain('index.js is said to be changed, but is the same');
  });

  test('a validation that does not name a broken test', async () => {
    const failures = await otherOutcome(await smallRun(), 'validate-b', (report) => ({
      ...report,
      broken: [],
    }));
    expect(failures['result:validate-b']).toContain('is not called broken');
  });

  test('a validation that leaves out a test of the baseline', async () => {
    const failures = await otherOutcome(await smallRun(), 'validate-a', (report) => {
      const tests = report.tests as { tests: unknown[]; passed: number };
      return { ...report, tests: { ...tests, tests: tests.tests.slice(1), passed: tests.passed - 1 } };
    });
    expect(failures['result:validate-a']).toContain('was not run, and is not called missing');
  });

  test('a candidate accepted although a test is broken', async () => {
    const failures = await executionFailures(await smallRun(), (execution) =>
      changed(execution, 'validate-b', { accepted: true }),
    );
    expect(failures['result:validate-b']).toContain('It was accepted');
  });

  test('a consolidation that does not take in what it waited for', async () => {
    const failures = await otherOutcome(await smallRun(), 'consolidation', (report) => ({
      ...report,
      inputs: [],
    }));
    expect(failures['result:consolidation']).toContain('does not take in the outcome of code');
  });

  test('a checkpoint that says otherwise than its criteria', async () => {
    const failures = await otherOutcome(await smallRun(), 'checkpoint', (report) => ({
      ...report,
      passed: false,
    }));
    expect(failures['result:checkpoint']).toContain('It is said to have failed');
  });

  test('a digest whose bytes are not there', async () => {
    const failures = await executionFailures(await smallRun(), (execution) =>
      changed(execution, 'code', {
        measurements: { digest: `sha256:${'0'.repeat(64)}`, size: 1, mediaType: 'application/json' },
      }),
    );
    expect(failures['digests-exist']).toContain('/results/1/measurements');
  });

  test('an output that is no execution', async () => {
    expect(await executionFailures(await smallRun(), ({ graph }) => graph)).toHaveProperty('schema');
  });

  test('an execution of which an input is not named', async () => {
    const small = await smallRun();

    const failures = await failuresOf(await judgedPhase(small, 'execute', small.execution, {}));
    expect(failures['ground-known']).toContain('was not given the input accepted');
  });
});
