import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveStack, shipped, sound } from '../support/live-stack.js';
import { figure, percentile } from './figures.js';

/**
 * A whole review of the small fixture on the local stack, with real agents in sandboxes and real verifiers: from
 * the start to the close of the run, by Temporal's clock.
 */
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const rounds = 5;

test.each([
  ['nothing to repair', sound],
  ['one candidate to repair', {}],
])('a review of the small fixture with %s', async (what, files) => {
  const subject = await stack.subject(what.replaceAll(' ', '-'), files);
  const seconds: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const run = await stack.review(subject, undefined, shipped);
    await stack.untilSealed(run);
    const { state, startedAt, closedAt } = await stack.view(run);
    expect(state).toBe('completed');
    // The first one writes caches.
    if (round > 0) seconds.push((Date.parse(closedAt ?? '') - Date.parse(startedAt)) / 1000);
  }
  figure(`a review of the small fixture with ${what}, real agents and verifiers`, {
    p50: `${percentile(seconds, 0.5).toFixed(1)} s`,
    worst: `${Math.max(...seconds).toFixed(1)} s`,
  });
});
