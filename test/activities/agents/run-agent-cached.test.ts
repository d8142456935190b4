import { expect, test } from 'vitest';
import { agentWork } from '../../support/agent-work.js';

/** An agent whose outcome is another one at every execution. */
const command = `printf '{"status":"done","outcome":{"execution":"%s"}}' "$(cat /proc/sys/kernel/random/uuid)"`;
const rules = { cache: true };

test('an item with a cache takes what an earlier run made in the same way, and nothing is executed', async () => {
  const work = await agentWork();
  const first = await work.done({ command, rules, run: 'first' });
  expect(first).not.toHaveProperty('cached');
  const second = await work.done({ command, rules, run: 'second' });
  expect(second).toEqual({ ...first, cached: true });
});

test('an item without a cache is executed again', async () => {
  const work = await agentWork();
  const first = await work.done({ command, rules, run: 'first' });
  const second = await work.done({ command, run: 'second' });
  expect(second).not.toHaveProperty('cached');
  expect(second.outcome.digest).not.toBe(first.outcome.digest);
});

test('what was made without a cache is not taken', async () => {
  const work = await agentWork();
  const first = await work.done({ command, run: 'first' });
  const second = await work.done({ command, rules, run: 'second' });
  expect(second).not.toHaveProperty('cached');
  expect(second.outcome.digest).not.toBe(first.outcome.digest);
});

test.each(['same-findings', 'same-test-verdicts'] as const)(
  'an agent that is not reproducible, %s, is executed although its item has a cache',
  async (comparison) => {
    const work = await agentWork();
    const first = await work.done({ command, comparison, rules, run: 'first' });
    const second = await work.done({ command, comparison, rules, run: 'second' });
    expect(second).not.toHaveProperty('cached');
    expect(second.outcome.digest).not.toBe(first.outcome.digest);
  },
);
