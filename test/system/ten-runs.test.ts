import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveStack, sound } from '../support/live-stack.js';
import { completedActivities } from '../support/run-activities.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';

const count = 10;
/** Milliseconds in which all must have ended: many times what one takes, so that a slow machine is no failure. */
const atMost = 900_000;

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack.remove());

describe('ten runs at once', () => {
  let ids: readonly string[];
  let runs: readonly SealedRun[];
  beforeAll(async () => {
    const subject = await stack.subject('ten-runs', sound);
    const begun = Date.now();
    ids = await Promise.all(Array.from({ length: count }, () => stack.review(subject)));
    await Promise.all(ids.map((id) => stack.untilSealed(id, atMost)));
    console.log(`${count} runs at once: all are sealed after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    runs = await Promise.all(ids.map((id) => sealedRun(stack, id)));
  }, atMost + 60_000);

  test('all complete, none is lost', async () => {
    expect(new Set(ids).size).toBe(count);
    expect(runs.map(({ seal }) => seal.status)).toEqual(Array(count).fill('COMPLETED'));
    const list = await fetch(`${stack.url}/v1/runs?limit=50`);
    const { runs: listed } = (await list.json()) as { runs: { id: string }[] };
    expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  test('each has a package of its own, delivered once', async () => {
    expect(new Set(runs.map(({ seal }) => seal.packagePath)).size).toBe(count);
    for (const id of ids) {
      const completed = await completedActivities(stack.engine, id);
      expect(completed.filter(({ type }) => type === 'deliverPackage')).toHaveLength(1);
    }
  });

  test('lose no attempt to a false timeout', () => {
    const attempts = runs.flatMap((run) => run.attempts);
    const repeated = attempts.filter(({ attempt }) => attempt > 1);
    console.log(
      `${count} runs at once: ${attempts.length} attempts, ${repeated.length} of them repeated ones`,
    );
    expect(attempts.length).toBeGreaterThan(count * 20);
    expect(attempts.filter(({ outcome }) => outcome !== 'completed')).toEqual([]);
    expect(repeated).toEqual([]);
  });
});
