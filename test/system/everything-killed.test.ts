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

describe('a run under which everything is killed', () => {
  let run: SurvivedRun;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject('in-the-middle', sound));
    await untilExecuting(stack.engine, id, 'execute', (activity) => activity.startsWith('improve'));
    const before = await completedActivities(stack.engine, id);
    const killed = await stack.kill();
    const answered = await stack.restart();
    run = await survived(stack, id, 'everything killed', { before, killed, answered });
  });

  test('completes at the next start', async () => {
    expect(run.seal).toMatchObject({ status: 'COMPLETED', failure: null, by: 'conclude' });
    await expectOneResultEach(stack, run);
  });

  test('keeps what was done before', () => expectKept(run));

  test('delivers once', () => expectDeliveredOnce(run));
});

describe('a run that was accepted just before everything is killed', () => {
  let run: SurvivedRun;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject('just-accepted', sound));
    const killed = await stack.kill();
    const answered = await stack.restart();
    run = await survived(stack, id, 'everything killed after the 202', { before: [], killed, answered });
  });

  test('completes at the next start', async () => {
    expect(run.seal).toMatchObject({ status: 'COMPLETED', failure: null, by: 'conclude' });
    await expectOneResultEach(stack, run);
  });

  test('delivers once', () => expectDeliveredOnce(run));
});
