import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../libs/contracts/run.js';
import { workflowId } from '../../libs/protocol/names.js';
import { type Leftovers, leftovers, nothingLeft } from '../support/leftovers.js';
import { LiveStack } from '../support/live-stack.js';
import { completedActivities, untilExecuting } from '../support/run-activities.js';
import { readInPackage, type SealedRun, sealedRun } from '../support/sealed-run.js';
import { until } from '../support/until.js';

let stack: LiveStack;
let subject: string;
beforeAll(async () => {
  stack = await LiveStack.start();
  subject = await stack.subject('steered');
});
afterAll(() => stack.remove());

const improving = (run: string) =>
  untilExecuting(stack.engine, run, 'execute', (activity) => activity.startsWith('improve'));

describe('a run that is terminated in the Web UI', () => {
  let view: RunView;
  let run: SealedRun;
  beforeAll(async () => {
    const id = await stack.review(subject);
    await improving(id);
    await stack.engine.client.workflow.getHandle(workflowId.run(id)).terminate('stopped by a person');
    await until('the sweep having sealed it', async () => {
      // A run that has just closed is left to its own seal, so the first sweep may be too early.
      await stack.sweep();
      return await stack.isSealed(id);
    });
    view = await stack.view(id);
    run = await sealedRun(stack, id);
  });

  test('is sealed by the sweep, which says so', async () => {
    expect(run.seal).toMatchObject({ status: 'TERMINATED', by: 'sweep', packageManifest: null });
    expect(await readInPackage(run.seal, 'seal/seal.json')).toEqual(run.seal);
  });

  test('is shown as terminated', () => {
    expect(view).toMatchObject({ state: 'terminated', sealed: true, package: null });
  });

  test('keeps what was done until then, every history to its closing event', () => {
    expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'assign']);
    expect(run.seal.histories.map(({ type, closed }) => [type, closed])).toEqual([
      ['run', 'TERMINATED'],
      ['ingest', 'COMPLETED'],
      ['assign', 'COMPLETED'],
      ['execute', 'TERMINATED'],
    ]);
  });
});

describe('a run that is cancelled', () => {
  let view: RunView;
  let run: SealedRun;
  let during: Leftovers;
  beforeAll(async () => {
    const endless = await stack.subject('endless', {
      'test/tiny.test.js':
        "require('node:test').it('ends', () => new Promise(() => setInterval(() => {}, 1000)));",
    });
    const id = await stack.review(endless);
    await untilExecuting(stack.engine, id, 'execute', (activity) => activity.startsWith('infrastructure'));
    during = await until('its tests to be running', async () => {
      const now = await leftovers(stack);
      return now.processes.some((process) => process.includes('--test')) && now;
    });
    await stack.steer(id, 'cancel');
    view = await stack.untilSealed(id);
    run = await sealedRun(stack, id);
  });

  test('has processes and scratch folders while it runs', () => {
    expect(during.scratch.length).toBeGreaterThan(0);
    const limits = run.attempts.flatMap(({ sandbox }) => sandbox?.memory ?? []);
    if (limits.some((limit) => limit.startsWith('cgroup')))
      expect(during.controlGroups.length).toBeGreaterThan(0);
  });

  test('ends as cancelled and delivers nothing', async () => {
    expect(view).toMatchObject({ state: 'cancelled', package: null });
    const completed = await completedActivities(stack.engine, view.id);
    expect(completed.filter(({ type }) => type === 'deliverPackage')).toEqual([]);
  });

  test('is concluded and sealed by itself', () => {
    expect(run.seal).toMatchObject({ status: 'CANCELLED', by: 'conclude', packageManifest: null });
    expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'assign', 'execute', 'conclude']);
    expect(run.records.find(({ phase }) => phase === 'execute')?.failure).toMatchObject({
      code: 'Cancelled',
    });
  });

  test('says of what ran that it was cancelled', () => {
    expect(run.attempts.filter(({ outcome }) => outcome === 'cancelled').length).toBeGreaterThan(0);
    expect(run.attempts.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
  });
});

describe('a run that is paused', () => {
  let id: string;
  beforeAll(async () => {
    id = await stack.review(subject);
    await improving(id);
    await stack.steer(id, 'pause');
    await stack.untilView(id, 'paused', ({ state }) => state === 'paused');
  });

  test('starts nothing new', async () => {
    const { raw } = await stack.engine.client.workflow.getHandle(workflowId.phase(id, 'execute')).describe();
    expect(raw.pendingActivities ?? []).toEqual([]);
    const keys = (await completedActivities(stack.engine, id)).map(({ key }) => key);
    expect(keys.filter((key) => key.includes(':improve'))).toHaveLength(3);
    expect(keys.filter((key) => key.includes(':validate'))).toEqual([]);
  });

  test('says so of the items that would run', async () => {
    const { items } = await stack.view(id);
    const held = (items ?? []).filter(({ status }) => status === 'paused').map((item) => item.id);
    expect(held).toEqual(['validate-a', 'validate-b', 'validate-c']);
  });

  test('goes on when it is resumed, and completes', async () => {
    await stack.steer(id, 'resume');
    expect(await stack.untilSealed(id)).toMatchObject({ state: 'completed' });
  });
});

test('nothing is left of any of them', async () => {
  expect(await leftovers(stack)).toEqual(nothingLeft);
});
