import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountForRun } from '../../../activities/conclusion/account-for-run.js';
import { cleanUpControl } from '../../../activities/conclusion/clean-up-control.js';
import type { PhaseAccount } from '../../../libs/contracts/activities.js';
import type { Attempt, AttemptLog } from '../../../libs/contracts/evidence.js';
import { conclusionSchema } from '../../../libs/contracts/phase.js';
import {
  healthEntryName,
  healthOf,
  healthWindow,
  readHealth,
  writeHealth,
} from '../../../libs/evidence/agent-health.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { recordsOf } from '../../support/small-records.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const attempt = (
  activityId: string,
  number: number,
  { outcome, code = null, activity = 'runAgent' }: Pick<Attempt, 'outcome'> & Partial<Attempt>,
): Attempt => ({
  key: `run-small/3-execute:${activityId}`,
  activity,
  attempt: number,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  outcome,
  code,
  worker: 'w',
  sandbox: null,
  lastStep: null,
});

/** Accounts for a run of whose execute these attempts are recorded. */
async function account(
  small: SmallRun,
  attempts: Attempt[] = [],
  failure: { code: string; message: string } | null = null,
) {
  const log = await small.store.putJson({ version: 1, attempts, steps: [] } satisfies AttemptLog);
  const records = await recordsOf(small, phaseNames.slice(0, 6), {
    execute: { attempts: { log, count: attempts.length, unknown: 0 } },
  });
  const phases = phaseNames.map((phase): PhaseAccount => {
    const record = records[phase] ?? null;
    return { phase, state: record ? 'completed' : 'not-started', record };
  });
  const { outcome } = await accountForRun(small)({ run: small.run, phases, failure, scratchFolders: 2 });
  return await small.store.getJson(outcome.digest, conclusionSchema);
}

test('every phase is accounted for, with its record', async () => {
  const small = await smallRun();
  const { phases, cleaned, failure } = await account(small, [], { code: 'Blocked', message: 'No.' });
  expect(phases.map(({ phase }) => phase)).toEqual(phaseNames);
  expect(phases.filter(({ record }) => record === null).map(({ phase }) => phase)).toEqual(['conclude']);
  expect(cleaned).toEqual({ scratchFolders: 2 });
  expect(failure).toEqual({ code: 'Blocked', message: 'No.' });
});

test('a phase of which nothing is said was not started', async () => {
  const small = await smallRun();
  const { outcome } = await accountForRun(small)({
    run: small.run,
    phases: [],
    failure: null,
    scratchFolders: 0,
  });
  const { phases, agents } = await small.store.getJson(outcome.digest, conclusionSchema);
  expect(phases.map(({ state }) => state)).toEqual(phaseNames.map(() => 'not-started'));
  expect(agents).toEqual([]);
});

test('executions and failures are counted by agent, and kept where assign reads them', async () => {
  const small = await smallRun();
  await writeHealth(small.store, { agent: 'agent.code', run: 'before' }, { executions: 2, failures: 2 });
  const { agents } = await account(small, [
    attempt('code.1', 1, { outcome: 'failed', code: 'AgentFailed' }),
    attempt('code.1', 2, { outcome: 'completed' }),
    attempt('architecture.1', 1, { outcome: 'completed' }),
  ]);
  const once = { executions: 1, failures: 0 };
  expect(agents).toEqual([
    { agent: 'agent.architecture', ...once, recent: once, health: 'healthy' },
    {
      agent: 'agent.code',
      executions: 2,
      failures: 1,
      recent: { executions: 4, failures: 3 },
      health: 'failing',
    },
  ]);
  expect(await readHealth(small.store, 'agent.code')).toEqual({ executions: 4, failures: 3 });
});

test('what says nothing of an agent is not held against it', async () => {
  const small = await smallRun();
  const { agents } = await account(small, [
    attempt('code.1', 1, { outcome: 'unknown' }),
    attempt('code.1', 2, { outcome: 'cancelled' }),
    attempt('code.1', 3, { outcome: 'failed', code: 'CircuitOpen' }),
    attempt('code.1', 4, { outcome: 'failed', code: 'WorkerStopping' }),
    attempt('code.1', 5, { activity: 'judgePhase', outcome: 'failed', code: 'AgentFailed' }),
  ]);
  expect(agents).toEqual([]);
});

test.each(['NoTests', 'SandboxLimit', 'IntegrityMismatch'])(
  'a bad subject is not held against the agent that says so with %s',
  async (code) => {
    const small = await smallRun();
    const { agents } = await account(small, [attempt('code.1', 1, { outcome: 'failed', code })]);
    expect(agents).toEqual([]);
    expect(await readHealth(small.store, 'agent.code')).toEqual({ executions: 0, failures: 0 });
  },
);

test('accounting twice counts a run once', async () => {
  const small = await smallRun();
  const attempts = [attempt('code.1', 1, { outcome: 'completed' })];
  await account(small, attempts);
  await account(small, attempts);
  expect(await small.store.entries.list('health/agent.code/')).toEqual([
    healthEntryName('agent.code', 'small'),
  ]);
  expect(await readHealth(small.store, 'agent.code')).toEqual({ executions: 1, failures: 0 });
});

test('tallies of runs that no longer count are deleted, so that their number stays bounded', async () => {
  const small = await smallRun();
  const tally = { executions: 1, failures: 1 };
  const ago = (time: number) => new Date(Date.now() - time);
  await writeHealth(small.store, { agent: 'agent.code', run: 'past' }, tally, ago(healthWindow + 60_000));
  await writeHealth(small.store, { agent: 'agent.code', run: 'recent' }, tally, ago(healthWindow - 60_000));
  await small.store.entries.put(healthEntryName('agent.code', 'odd'), '{"of": "another form"}');
  await account(small, [attempt('code.1', 1, { outcome: 'completed' })]);
  expect(await small.store.entries.list('health/agent.code/')).toEqual([
    healthEntryName('agent.code', 'recent'),
    healthEntryName('agent.code', 'small'),
  ]);
  expect(await readHealth(small.store, 'agent.code')).toEqual({ executions: 2, failures: 1 });
});

test.each([
  [0, 0, 'healthy'],
  [5, 1, 'healthy'],
  [4, 1, 'degraded'],
  [1, 1, 'degraded'],
  [4, 2, 'failing'],
] as const)('of %i executions with %i failures an agent is %s', (executions, failures, health) => {
  expect(healthOf({ executions, failures })).toBe(health);
});

test('cleaning up removes the scratch and half packages of the run, and of no other', async () => {
  const folder = await temporaryFolder();
  const places = { scratch: join(folder, 'scratch'), packages: join(folder, 'packages') };
  for (const path of [
    'scratch/run-a-agent-1/deep',
    'scratch/run-a-attack-2',
    'scratch/run-ab-agent-1',
    'packages/.run-a.half',
    'packages/run-a',
  ])
    await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'scratch/run-a-agent-1/deep/file'), 'left');
  expect(await cleanUpControl(places)({ run: 'a' })).toEqual({ scratchFolders: 3 });
  expect(await readdir(places.scratch)).toEqual(['run-ab-agent-1']);
  expect(await readdir(places.packages)).toEqual(['run-a']);
  expect(await cleanUpControl(places)({ run: 'a' })).toEqual({ scratchFolders: 0 });
});
