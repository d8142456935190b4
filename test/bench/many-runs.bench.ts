import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveStack } from '../support/live-stack.js';
import { sealedRun } from '../support/sealed-run.js';
import { figure, percentile } from './figures.js';

/**
 * Many runs at once on the local stack, started together by HTTP: the improvement of a request, which needs no network
 * and no tests of a subject. How many are lost or stuck is counted, not assumed.
 */
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const limitMs = 40 * 60_000;

/** Waits until all are sealed or the time is over, and says which are. */
async function sealedOf(runs: readonly string[]): Promise<string[]> {
  const end = Date.now() + limitMs;
  const sealed = new Set<string>();
  while (sealed.size < runs.length && Date.now() < end) {
    // Seldom, so that looking takes nothing from the runs.
    await delay(500);
    for (const run of runs) if (!sealed.has(run) && (await stack.isSealed(run))) sealed.add(run);
  }
  return [...sealed];
}

const request = (number: number): string =>
  [
    `Write command line tool number ${number} in TypeScript that converts CSV files to JSON for our data engineers.`,
    'It must accept a path as its first argument and print JSON to standard output.',
    'It must not need more than 100 MB of memory for a file of 1 GB.',
    'The input is UTF-8 text with a header line; the output is one JSON object per line.',
    'It is done when the tests in test/convert.test.ts pass.',
  ].join(' ');

const start = (number: number): Promise<string> =>
  stack.start({ template: 'request-improvement', input: { subject: `text:${request(number)}` } });

const seconds = (value: number): string => `${value.toFixed(1)} s`;

test.each([1, 10, 100])('%i runs at once', { timeout: limitMs + 600_000 }, async (count) => {
  const began = Date.now();
  const runs = await Promise.all(Array.from({ length: count }, (_, number) => start(number)));
  const accepted = Date.now() - began;
  const sealed = await sealedOf(runs);
  const took = Date.now() - began;
  const load = loadavg()[0] ?? 0;
  const views = [];
  for (const run of sealed) views.push(await stack.view(run));
  const completed = views.filter(({ state }) => state === 'completed');
  const times = completed.map(
    ({ startedAt, closedAt }) => (Date.parse(closedAt ?? '') - Date.parse(startedAt)) / 1000,
  );
  let attempts = 0;
  let repeated = 0;
  for (const run of sealed)
    for (const { attempt } of (await sealedRun(stack, run)).attempts) {
      attempts += 1;
      if (attempt > 1) repeated += 1;
    }
  figure(`${count} runs of request-improvement started at once`, {
    'accepted as runs of their own': `${new Set(runs).size} of ${count}`,
    'all accepted after': seconds(accepted / 1000),
    sealed: `${sealed.length} of ${count}`,
    completed: `${completed.length} of ${count}`,
    'all after': seconds(took / 1000),
    'runs per minute': ((60_000 * sealed.length) / took).toFixed(1),
    'a run, p50': seconds(percentile(times, 0.5)),
    'a run, worst': seconds(Math.max(...times)),
    'attempts repeated': `${repeated} of ${attempts}`,
    'load of the machine': load.toFixed(1),
  });
  expect(new Set(runs).size).toBe(count);
  expect(sealed.toSorted()).toEqual(runs.toSorted());
  expect(completed).toHaveLength(count);
  expect(new Set(views.map(({ package: folder }) => folder)).size).toBe(count);
  expect(attempts).toBeGreaterThan(count * 20);
});
