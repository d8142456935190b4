import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluate, type MergeRoom } from '../../../libs/merge/evaluate.js';
import { type Ground, readGround } from '../../../libs/merge/ground.js';
import type { KeptEvaluations, Validated } from '../../../libs/merge/kept-evaluations.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';
import { host } from '../sandbox/sandbox-fixture.js';

async function made(): Promise<{ small: SmallRun; ground: Ground; room: MergeRoom }> {
  const small = await smallRun();
  const { run, refs, folder, store } = small;
  const { accepted, assignment, executed, judged } = refs;
  const ground = await readGround(store, { run, accepted, assignment, executed, judged });
  const room = {
    store,
    sandboxHost: host,
    scratch: join(folder, 'scratch'),
    cache: join(folder, 'cache'),
    toolsFolder: join(folder, 'tools'),
    programsFolder: join(folder, 'programs'),
  };
  return { small, ground, room };
}

const keeping = (validated: Validated[]): KeptEvaluations => ({
  get: async () => validated,
  keep: async () => {},
  forget: async () => {},
});

const workspaceOf = (ground: Ground, item: string) => {
  const parent = ground.parents.find((one) => one.item === item);
  if (!parent) throw new Error(`There is no ${item}.`);
  return parent.workspace;
};

test('a combination is validated by the agent that validated candidates, with the same fitness for the same', async () => {
  const { small, ground, room } = await made();
  const workspace = workspaceOf(ground, 'improve-a');
  const evaluated = await evaluate(ground, room, { workspace, changed: ['index.js'] });
  const [parent] = ground.parents;
  expect(evaluated).toMatchObject({
    eligible: true,
    validation: small.execution.results.find(({ item }) => item === 'validate-a')?.outcome,
    measurements: { ...parent?.measurements, verification: { checks: 3, ok: 3 } },
  });
});

test('a workspace that differs elsewhere than it was meant to is not eligible', async () => {
  const { ground, room } = await made();
  const workspace = workspaceOf(ground, 'improve-a');
  const reasonFor = async (changed: string[]) => await evaluate(ground, room, { workspace, changed });
  expect(await reasonFor([])).toMatchObject({
    eligible: false,
    fitness: null,
    reason: 'index.js differs, which was not meant.',
  });
  expect(await reasonFor(['index.js', 'test.js'])).toMatchObject({
    eligible: false,
    reason: 'test.js does not differ as was meant.',
  });
});

test('a report that does not add up, or does not fit the baseline, is not eligible', async () => {
  const { small, ground, room } = await made();
  const { store } = small;
  const outcome = small.execution.results.find(({ item }) => item === 'validate-a')?.outcome;
  if (!outcome) throw new Error('There is no validation.');
  const report = JSON.parse((await store.get(outcome.digest)).toString('utf8'));
  const reasonWith = async (changes: object) => {
    const kept = keeping([{ outcome: await store.putJson({ ...report, ...changes }), failure: null }]);
    const workspace = workspaceOf(ground, 'improve-a');
    const { eligible, reason } = await evaluate(ground, room, { workspace, changed: ['index.js'] }, kept);
    return [eligible, reason];
  };
  expect(await reasonWith({})).toEqual([true, 'Every test that passed before passes.']);
  const findings = { ...report.findings, all: 7 };
  expect(await reasonWith({ findings })).toEqual([false, '7 findings are stated; the tools have 0.']);
  const tests = { ...report.tests, tests: report.tests.tests.slice(1), passed: report.tests.passed - 1 };
  expect(await reasonWith({ tests })).toEqual([
    false,
    'The test <b>renders</b> was not run, and is not called missing.',
  ]);
});

test('a validation that ends without a report makes the combination not eligible, and is kept as that', async () => {
  const small = await smallRun({ commands: { 'validate-a': 'exit 3' } });
  const { run, refs, folder, store } = small;
  const { accepted, assignment, executed, judged } = refs;
  const ground = await readGround(store, { run, accepted, assignment, executed, judged });
  const { room } = await made();
  const kept: Validated[] = [];
  const evaluated = await evaluate(
    ground,
    { ...room, store, scratch: join(folder, 'scratch') },
    { workspace: workspaceOf(ground, 'improve-a'), changed: ['index.js'] },
    {
      ...keeping([]),
      get: async () => undefined,
      keep: async (_, validated) => void kept.push(...validated),
    },
  );
  expect(evaluated).toEqual({
    eligible: false,
    fitness: null,
    measurements: null,
    reason: 'Its validation ended with AgentFailed.',
    validation: null,
  });
  expect(kept).toEqual([{ outcome: null, failure: 'AgentFailed' }]);
});
