import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PhaseName } from '../../libs/protocol/phases.js';
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

/** A worker, and what is executed when it is killed; `cutOff` where that is its own. */
interface Case {
  readonly worker: 'control' | 'agents' | 'verify';
  readonly phase: PhaseName;
  readonly meant: RegExp;
  readonly cutOff: boolean;
}

const cases: readonly Case[] = [
  { worker: 'agents', phase: 'execute', meant: /^improve/, cutOff: true },
  { worker: 'verify', phase: 'execute', meant: /^pass-B/, cutOff: true },
  // Workflows are its own, too: all of them are replayed by the one that comes after it.
  { worker: 'control', phase: 'execute', meant: /^validate/, cutOff: false },
];

describe.each(cases)('a run whose $worker worker is killed', ({ worker, phase, meant, cutOff }) => {
  let run: SurvivedRun;
  let executing: string;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject(`killed-${worker}`, sound));
    executing = await untilExecuting(stack.engine, id, phase, (activity) => meant.test(activity));
    const killed = await stack.kill(worker);
    const before = await completedActivities(stack.engine, id);
    const answered = await stack.restart(worker);
    run = await survived(stack, id, `${worker} worker killed`, { before, killed, answered });
  });

  test('completes when a worker comes back', async () => {
    expect(run.seal).toMatchObject({ status: 'COMPLETED', failure: null, by: 'conclude' });
    await expectOneResultEach(stack, run);
  });

  test('keeps what was done before', () => expectKept(run));

  if (cutOff)
    test('says which attempt was cut off', () => {
      const record = run.records.find((one) => one.phase === phase);
      const key = `run-${run.seal.run}/3-${phase}:${executing}`;
      const made = run.attempts.filter((attempt) => attempt.key === key);
      expect(made[0]).toMatchObject({ attempt: 1, outcome: 'unknown', endedAt: null });
      expect(made.at(-1)).toMatchObject({ outcome: 'completed' });
      expect(made.length).toBeGreaterThan(1);
      expect(record?.attempts.unknown).toBeGreaterThan(0);
    });

  test('delivers once', () => expectDeliveredOnce(run));
});
