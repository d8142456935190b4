import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveStack, sound } from '../support/live-stack.js';
import { completedActivities, untilExecuting } from '../support/run-activities.js';
import {
  expectDeliveredOnce,
  expectKept,
  expectOneResultEach,
  type SurvivedRun,
  survived,
} from '../support/survived-run.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack.remove());

describe('a run whose Temporal server is killed', () => {
  let run: SurvivedRun;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject('server-killed', sound));
    await untilExecuting(stack.engine, id, 'execute', (activity) => activity.startsWith('improve'));
    const before = await completedActivities(stack.engine, id);
    const killed = await stack.kill('engine');
    const answered = await stack.restart('engine');
    run = await survived(stack, id, 'server killed', { before, killed, answered });
  });

  test('completes when the server comes back, with nothing done by hand', async () => {
    expect(run.seal).toMatchObject({ status: 'COMPLETED', failure: null, by: 'conclude' });
    await expectOneResultEach(stack, run);
  });

  test('keeps what was done before', () => expectKept(run));

  test('delivers once', () => expectDeliveredOnce(run));
});
