import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { ControlGroup } from '../../../libs/sandbox/control-group.js';
import { findControlGroups } from '../../../libs/sandbox/find-control-groups.js';
import { findScopes } from '../../../libs/sandbox/systemd-scope.js';
import { controlGroupsOf, host, node } from './sandbox-fixture.js';

/** Computes on every processor until it has used 300 ms of them together, however long that takes. */
const busy = `
  const { Worker } = require('node:worker_threads');
  const spin = 'for (;;) { const { user, system } = process.cpuUsage(); if (user + system > 300000) break; }';
  for (let i = 1; i < ${availableParallelism()}; i += 1) new Worker(spin, { eval: true });
  eval(spin);
`;

/** The part of all processors together that a program had while it ran, in percent. */
async function shareOf(cpuPercent: number | undefined, on = host) {
  const more = cpuPercent === undefined ? {} : { cpuPercent };
  const { ended, usage, inForce } = await node(busy, { host: on, profile: { wallMs: 20_000, ...more } });
  expect(ended).toEqual({ kind: 'exited', code: 0 });
  return { share: (100 * (usage.cpuMs ?? 0)) / (usage.wallMs * availableParallelism()), cpu: inForce.cpu };
}

/** Whether this machine has something that holds a share, asked for without a sandbox. */
async function isDivided(): Promise<boolean> {
  const place = await findControlGroups();
  if (!place) return (await findScopes())?.cpu ?? false;
  const limits = { memoryBytes: 64 * 1024 * 1024, tasks: 16, cpuPercent: 50 };
  const group = await ControlGroup.open(place, limits);
  await group.remove();
  return group.holdsCpu;
}

// the smaller share tells a limit from a machine that has other things to do
test.for([25, 5])(
  'a program that computes has no more than its share of the processors: %i in a hundred',
  async (percent, { skip }) => {
    const { share, cpu } = await shareOf(percent);
    expect(cpu).toMatch(/^(cgroup v1|cgroup v2|systemd scope|not limited)$/);
    expect(await controlGroupsOf(process.pid)).toEqual([]);
    if (cpu === 'not limited') {
      expect(await isDivided()).toBe(false);
      skip('nothing divides the processors here: no group takes a share, and no scope');
    }
    // the first period of each processor may be used before the group is throttled
    expect(share).toBeLessThan(percent * 1.4);
  },
);

test('where nothing divides the processors, what was in force says so', async () => {
  expect((await shareOf(25, { ...host, limits: 'watchdog' as const })).cpu).toBe('not limited');
});

test('nothing is said of processors where no share is asked for', async () => {
  const { inForce } = await node('');
  expect(inForce).not.toHaveProperty('cpu');
});
