import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartName } from '../../apps/local/stack.js';
import { parseJson } from '../../libs/artifacts/parse-json.js';
import { type Attempt, attemptSchema } from '../../libs/contracts/evidence.js';
import { LiveStack, shipped } from '../support/live-stack.js';
import { until } from '../support/until.js';
import { figure, percentile } from './figures.js';

/**
 * How long a run stands still when a process is killed in the middle of execute and started again at once: from the
 * kill to the end of the first attempt that began after it. The restart itself is part of the time.
 */
let stack: LiveStack;
let subject: string;
beforeAll(async () => {
  stack = await LiveStack.start();
  subject = await stack.subject('tiny');
  await stack.untilSealed(await stack.review(subject, undefined, shipped));
});
afterAll(() => stack?.remove());

const rounds = 5;
const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;

async function ended(run: string): Promise<Attempt[]> {
  const names = (await stack.store.entries.list(`attempts/${run}/`)).filter((name) =>
    name.endsWith('-end.json'),
  );
  const entries = await Promise.all(names.map((name) => stack.store.entries.get(name)));
  return entries.flatMap((bytes) => (bytes ? parseJson(bytes, attemptSchema, 'An attempt') : []));
}

/** Kills a part while runs are in execute, and says for each how long it stood still, in milliseconds. */
async function standstill(part: PartName, runs: readonly string[]): Promise<number[]> {
  await Promise.all(
    runs.map((run) =>
      stack.untilView(
        run,
        'an item at work',
        ({ items }) => items?.some(({ status }) => status === 'running') ?? false,
      ),
    ),
  );
  const killed = await stack.kill(part);
  const goingOn = Promise.all(
    runs.map((run) =>
      until(`run ${run} going on`, async () => {
        const after = (await ended(run)).filter(
          ({ startedAt }) => startedAt && Date.parse(startedAt) > killed,
        );
        return after.length > 0 && Math.min(...after.map(({ endedAt }) => Date.parse(endedAt ?? '')));
      }),
    ),
  );
  await stack.restart(part);
  return (await goingOn).map((at) => at - killed);
}

test.each<PartName>(['agents', 'control', 'engine'])('%s killed under one run', async (part) => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = await stack.review(subject, undefined, shipped);
    times.push(...(await standstill(part, [run])));
    expect((await stack.untilSealed(run)).state).toBe('completed');
  }
  figure(`${part} killed under one run, until progress`, {
    p50: seconds(percentile(times, 0.5)),
    worst: seconds(Math.max(...times)),
  });
});

test('agents killed under ten runs', async () => {
  const runs = await Promise.all(Array.from({ length: 10 }, () => stack.review(subject, undefined, shipped)));
  const times = await standstill('agents', runs.slice(0, 3));
  const views = await Promise.all(runs.map((run) => stack.untilSealed(run, 600_000)));
  expect(views.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
  figure('agents killed under ten runs, until progress of three of them', {
    worst: seconds(Math.max(...times)),
  });
});
