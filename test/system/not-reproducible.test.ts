import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../../apps/local/stack.js';
import { verdictSchema } from '../../libs/contracts/evidence.js';
import type { RunView } from '../../libs/contracts/run.js';
import { leftovers, nothingLeft } from '../support/leftovers.js';
import { LiveStack } from '../support/live-stack.js';
import { completedActivities } from '../support/run-activities.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';

/** A program as built, but with an agent in its roster that answers differently each time. */
const withErraticAgent = (program: string, ...args: readonly string[]): Program => [
  process.execPath,
  '--import',
  fileURLToPath(new URL('../support/erratic/register.mjs', import.meta.url)),
  resolve('dist', program),
  ...args,
];

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start({
    programs: {
      control: withErraticAgent('apps/local/control.js'),
      // Who chooses the agents again must know them.
      verify: withErraticAgent('apps/worker/main.js', 'verify'),
    },
  });
});
afterAll(() => stack.remove());

describe('a run with an agent that answers differently the second time', () => {
  let view: RunView;
  let run: SealedRun;
  beforeAll(async () => {
    view = await stack.untilSealed(await stack.review(await stack.subject('tiny')));
    run = await sealedRun(stack, view.id);
  });

  test('is blocked', () => {
    expect(view).toMatchObject({ state: 'blocked', decision: 'BLOCK', package: null });
    expect(run.seal).toMatchObject({ status: 'FAILED', decision: 'BLOCK', by: 'conclude' });
    expect(run.seal.failure).toMatchObject({ code: 'VerificationFailed' });
    expect(run.seal.failure?.message).toContain('again:code');
  });

  test('is blocked by pass B, which says of which item the outcome differs', async () => {
    const record = run.records.find(({ phase }) => phase === 'execute');
    const passed = Object.fromEntries(
      record?.verdicts.map((verdict) => [verdict.pass, verdict.passed]) ?? [],
    );
    expect(passed).toEqual({ A: true, B: false, C: true });
    const digest = record?.verdicts.find(({ pass }) => pass === 'B')?.verdict;
    if (!digest) throw new Error('Pass B gave no verdict.');
    const { checks } = await stack.store.getJson(digest, verdictSchema);
    const failed = checks.filter(({ ok }) => !ok);
    expect(failed.map(({ check }) => check)).toEqual(['again:code']);
    expect(failed[0]?.says).toContain('The outcome differs');
  });

  test('goes no further than execute, and delivers nothing', async () => {
    expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'assign', 'execute', 'conclude']);
    const types = (await completedActivities(stack.engine, view.id)).map(({ type }) => type);
    expect(types).not.toContain('deliverPackage');
    expect(await leftovers(stack)).toEqual(nothingLeft);
  });
});
