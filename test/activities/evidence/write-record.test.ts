import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRecord } from '../../../activities/evidence/write-record.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { RecordRequest } from '../../../libs/contracts/activities.js';
import {
  type Attempt,
  attemptLogSchema,
  phaseRecordSchema,
  type Verdict,
} from '../../../libs/contracts/evidence.js';
import { attemptEntryName } from '../../../libs/evidence/attempt-entries.js';
import { Progress } from '../../../libs/evidence/progress.js';
import { recordProblems } from '../../../libs/evidence/record-problems.js';
import { signWaiver } from '../../../libs/evidence/waiver.js';
import { inActivity } from '../../support/in-activity.js';
import { passing, serviceSigners, verdictOn } from '../../support/service-signers.js';
import { freshSigner } from '../../support/signers.js';
import { smallRun } from '../../support/small-run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const workflowId = 'run-r1/3-execute';

const ada = freshSigner('person:ada');
const signers = serviceSigners(ada);

const attempt = (activityId: string, number: number, change: Partial<Attempt> = {}): Attempt => ({
  key: `${workflowId}:${activityId}`,
  activity: 'runAgent',
  attempt: number,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  outcome: 'unknown',
  code: null,
  worker: 'agents@1',
  sandbox: null,
  lastStep: null,
  ...change,
});

async function diary() {
  const store = openStore(join(await temporaryFolder(), 'artifacts'));
  const log = async (which: 'begin' | 'end', one: Attempt, id = workflowId): Promise<void> => {
    const activityId = one.key.slice(one.key.lastIndexOf(':') + 1);
    const name = attemptEntryName({ run: 'r1', workflowId: id, activityId, attempt: one.attempt }, which);
    await store.entries.put(name, JSON.stringify(one));
  };
  const record = async (
    change: Partial<RecordRequest> = {},
    info = { activityId: 'writeRecord.1', activityType: 'writeRecord', attempt: 1 },
  ) => {
    const request: RecordRequest = {
      run: 'r1',
      tenant: 'local',
      phase: 'execute',
      round: 1,
      input: {},
      output: null,
      failure: { code: 'AgentFailed', message: 'It failed.' },
      verdicts: [],
      notRun: (['A', 'B', 'C'] as const).map((pass) => ({
        pass,
        reason: 'The phase ended before it could run.',
      })),
      waiver: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:00:05.000Z',
      previous: null,
      ...change,
    };
    const execution = { workflowExecution: { workflowId, runId: 'x' } };
    const ref = await inActivity(() => writeRecord({ store, ...signers })(request), {
      ...info,
      ...execution,
    });
    const written = await store.getJson(ref.digest, phaseRecordSchema);
    return { written, log: await store.getJson(written.attempts.log.digest, attemptLogSchema) };
  };
  return { store, log, record };
}

test('an attempt is what its end says', async () => {
  const { log, record } = await diary();
  await log('begin', attempt('code.1', 1));
  await log('end', attempt('code.1', 1, { endedAt: '2026-01-01T00:00:01.000Z', outcome: 'completed' }));
  const { written, log: found } = await record();
  expect(written.attempts).toMatchObject({ count: 1, unknown: 0 });
  expect(found.attempts[0]).toMatchObject({ outcome: 'completed', endedAt: '2026-01-01T00:00:01.000Z' });
});

test('an attempt that began and did not end has an unknown outcome', async () => {
  const { log, record } = await diary();
  await log('begin', attempt('code.1', 1));
  await log('begin', attempt('code.1', 2));
  await log('end', attempt('code.1', 2, { outcome: 'completed' }));
  const { written, log: found } = await record();
  expect(written.attempts).toMatchObject({ count: 2, unknown: 1 });
  expect(found.attempts.map(({ outcome }) => outcome)).toEqual(['unknown', 'completed']);
});

test('an attempt of which nothing was heard is there, because a later one has its number', async () => {
  const { log, record } = await diary();
  await log('begin', attempt('code.1', 3));
  await log('end', attempt('code.1', 3, { outcome: 'completed' }));
  const { written, log: found } = await record();
  expect(written.attempts).toMatchObject({ count: 3, unknown: 2 });
  expect(found.attempts.slice(0, 2)).toMatchObject([
    { attempt: 1, startedAt: null, outcome: 'unknown', worker: 'unknown', activity: 'runAgent' },
    { attempt: 2, startedAt: null, outcome: 'unknown' },
  ]);
});

test('the attempt that writes the record is not in it, the ones before are', async () => {
  const { log, record } = await diary();
  await log('begin', attempt('writeRecord.1', 1, { activity: 'writeRecord' }));
  await log('begin', attempt('writeRecord.1', 2, { activity: 'writeRecord' }));
  const { log: found } = await record(
    {},
    { activityId: 'writeRecord.1', activityType: 'writeRecord', attempt: 2 },
  );
  expect(found.attempts.map(({ attempt: number }) => number)).toEqual([1]);
});

test('attempts of another phase are not in it', async () => {
  const { log, record } = await diary();
  await log('begin', attempt('code.1', 1), 'run-r1/2-assign');
  await log('begin', attempt('code.1', 1), 'run-r1');
  expect((await record()).written.attempts.count).toBe(0);
});

test('the steps that activities proved are in the log, and an attempt that was cut off names its last', async () => {
  const { store, log, record } = await diary();
  await log('begin', attempt('code.1', 1));
  const name = { run: 'r1', workflowId, activityId: 'code.1', attempt: 1 };
  const steps = await Progress.open({ store, signer: signers.agents, ...name, heartbeat: () => undefined });
  await steps.prove({ milestone: 'prepared', percent: 20 });
  const { log: found } = await record();
  expect(found.steps).toMatchObject([{ key: `${workflowId}:code.1`, number: 1, milestone: 'prepared' }]);
  expect(found.attempts[0]).toMatchObject({ outcome: 'unknown', lastStep: steps.provenHere });
});

/** An execute that went well, and its three verdicts. */
async function verified() {
  const small = await smallRun({ run: 'r1' });
  const { store, refs, execution } = small;
  const asked = {
    run: 'r1',
    phase: 'execute' as const,
    round: 1,
    input: { accepted: refs.accepted },
    output: refs.executed,
  };
  const judge = passing(store, signers);
  const request: RecordRequest = {
    ...asked,
    tenant: 'local',
    failure: null,
    verdicts: await Promise.all((['A', 'B', 'C'] as const).map((pass) => judge({ ...asked, pass }))),
    notRun: [],
    waiver: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:05.000Z',
    previous: refs.request,
  };
  const write = async (change: Partial<RecordRequest> = {}) => {
    const ref = await inActivity(() => writeRecord({ store, ...signers })({ ...request, ...change }));
    return await store.getJson(ref.digest, phaseRecordSchema);
  };
  /** The same with a verdict of pass B in place of its own. */
  const withB = async (verdict: Verdict, passed = verdict.passed): Promise<RecordRequest['verdicts']> => {
    const ref = await store.putJson(verdict);
    return request.verdicts.map((one) => (one.pass === 'B' ? { ...one, passed, verdict: ref } : one));
  };
  const failed = { passed: false, checks: [{ check: 'again', ok: false, says: 'It is another.' }] };
  return { store, refs, execution, asked, request, write, withB, failed };
}

test('the record names agents, digests, verdicts and what pass C measured, signed by the producer', async () => {
  const { write, refs, execution, request } = await verified();
  const record = await write();
  expect(record.agents).toHaveLength(execution.results.filter(({ agent }) => agent).length);
  expect(record).toMatchObject({
    input: { accepted: refs.accepted.digest },
    output: refs.executed.digest,
    verdicts: request.verdicts.map(({ pass, verdict }) => ({ pass, passed: true, verdict: verdict.digest })),
    faults: [{ kind: 'another digest', seeded: 2, caught: 2 }],
    waiver: null,
    notRun: [],
    previous: refs.request.digest,
  });
  const problems = recordProblems({ ...record }, { trust: signers.pinned, previous: null });
  expect(problems).toEqual([expect.stringContaining('as the record before')]);
});

test('no record says that a phase went well on a verdict that does not count', async () => {
  const { write, withB, asked, request, store } = await verified();
  const forA = { ...asked, pass: 'A' as const };
  const forB = { ...asked, pass: 'B' as const };
  const stranger = serviceSigners();
  const { signature: _, ...body } = verdictOn(forB, signers);
  const forged: Verdict[] = [
    verdictOn(forB, stranger),
    verdictOn(forA, signers),
    verdictOn(forB, { verifiers: { ...signers.verifiers, B: signers.producer } }),
    verdictOn(forB, { verifiers: { ...signers.verifiers, B: signers.verifiers.A } }),
    verdictOn({ ...forB, run: 'r2' }, signers),
    verdictOn({ ...forB, phase: 'assign' }, signers),
    verdictOn({ ...forB, round: 2 }, signers),
    verdictOn({ ...forB, input: {} }, signers),
    verdictOn({ ...forB, output: asked.input.accepted }, signers),
    verdictOn(forB, signers, { checks: [{ check: 'again', ok: false, says: 'It is another.' }] }),
    { ...body, checks: [{ check: 'x', ok: true, says: '' }], signature: verdictOn(forB, signers).signature },
  ];
  for (const verdict of forged)
    await expect(write({ verdicts: await withB(verdict, true) })).rejects.toMatchObject({
      code: 'VerdictInvalid',
    });
  const missing = { digest: request.input.accepted?.digest ?? asked.output.digest, size: 1, mediaType: '' };
  for (const verdicts of [
    [],
    request.verdicts.slice(1),
    [...request.verdicts, ...request.verdicts.slice(0, 1)],
    request.verdicts.map((one) => ({ ...one, verdict: missing })),
  ])
    await expect(write({ verdicts })).rejects.toMatchObject({ code: 'VerdictInvalid' });
  const spaced = await store.put(`${JSON.stringify(verdictOn(forB, signers))} `, 'application/json');
  const verdicts = request.verdicts.map((one) => (one.pass === 'B' ? { ...one, verdict: spaced } : one));
  await expect(write({ verdicts })).rejects.toMatchObject({ code: 'VerdictInvalid' });
});

test('a verdict that does not count is written down where the phase is said to have failed of it', async () => {
  const { write, withB, asked } = await verified();
  const verdicts = await withB(verdictOn({ ...asked, pass: 'B' }, serviceSigners()));
  const failure = { code: 'VerdictInvalid', message: 'Pass B does not count.' };
  expect(await write({ verdicts, failure })).toMatchObject({ failure, verdicts: { length: 3 } });
});

test('what a verdict of pass C counts is not taken from one that does not count', async () => {
  const { write, request, store, asked } = await verified();
  const forged = await store.putJson(verdictOn({ ...asked, pass: 'C' }, serviceSigners()));
  const verdicts = request.verdicts.map((one) => (one.pass === 'C' ? { ...one, verdict: forged } : one));
  const failure = { code: 'VerdictInvalid', message: 'Pass C does not count.' };
  expect((await write({ verdicts, failure })).faults).toEqual([]);
});

test('a pass that failed is recorded as waived with a waiver that counts, and not without', async () => {
  const { write, withB, asked, store, failed, refs } = await verified();
  const verdicts = await withB(verdictOn({ ...asked, pass: 'B' }, signers, failed));
  const rejected = verdicts.filter(({ passed }) => !passed).map(({ verdict }) => verdict.digest);
  const awaited = {
    ...({ phase: 'execute', round: 1, output: refs.executed.digest, verdicts: rejected } as const),
    ...{ says: 'It is another.', until: '2026-01-02T00:00:00.000Z' },
  };
  const said = { reason: 'The difference is known and harmless.', at: '2026-01-01T00:00:04.000Z' };
  const waiver = await store.putJson(signWaiver(ada, 'r1', awaited, said));
  expect(await write({ verdicts, waiver })).toMatchObject({ waiver: waiver.digest, failure: null });
  const others = [
    null,
    await store.putJson(signWaiver(ada, 'r2', awaited, said)),
    await store.putJson(signWaiver(freshSigner('person:ada'), 'r1', awaited, said)),
    await store.putJson(signWaiver(signers.producer, 'r1', awaited, said)),
    refs.accepted,
  ];
  for (const other of others)
    await expect(write({ verdicts, waiver: other })).rejects.toMatchObject({ code: 'VerdictInvalid' });
  await expect(write({ waiver })).rejects.toMatchObject({ code: 'VerdictInvalid' });
});

test('a record is written although the output of the phase cannot be read', async () => {
  const { store, record } = await diary();
  const output = await store.put('no JSON', 'application/json');
  const { written } = await record({ output, failure: { code: 'VerificationFailed', message: 'Rejected.' } });
  expect(written).toMatchObject({
    output: output.digest,
    agents: [],
    failure: { code: 'VerificationFailed' },
  });
});
