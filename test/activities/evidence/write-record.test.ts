import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRecord } from '../../../activities/evidence/write-record.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { RecordRequest } from '../../../libs/contracts/activities.js';
import { type Attempt, attemptLogSchema, phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import { attemptEntryName } from '../../../libs/evidence/attempt-entries.js';
import { inActivity } from '../../support/in-activity.js';
import { smallRun } from '../../support/small-run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const workflowId = 'run-r1/3-execute';

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
      notRun: [{ pass: 'A', reason: 'The phase ended before it could run.' }],
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:00:05.000Z',
      previous: null,
      ...change,
    };
    const execution = { workflowExecution: { workflowId, runId: 'x' } };
    const ref = await inActivity(() => writeRecord({ store })(request), { ...info, ...execution });
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

test('the record names the agents of execute, digests, failure, and the passes that did not run', async () => {
  const small = await smallRun({ run: 'r1' });
  const { results } = small.execution;
  const request: RecordRequest = {
    run: 'r1',
    tenant: 'local',
    phase: 'execute',
    round: 1,
    input: { accepted: small.refs.accepted },
    output: small.refs.executed,
    failure: null,
    verdicts: [{ pass: 'A', passed: true, verdict: small.refs.judged, checks: 3, failures: [] }],
    notRun: [{ pass: 'C', reason: 'It was not asked for.' }],
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:05.000Z',
    previous: small.refs.request,
  };
  const ref = await inActivity(() => writeRecord(small)(request));
  const record = await small.store.getJson(ref.digest, phaseRecordSchema);
  expect(record.agents).toHaveLength(results.filter(({ agent }) => agent).length);
  expect(record).toMatchObject({
    input: { accepted: small.refs.accepted.digest },
    output: small.refs.executed.digest,
    verdicts: [{ pass: 'A', passed: true, verdict: small.refs.judged.digest }],
    notRun: [{ pass: 'C', reason: 'It was not asked for.' }],
    previous: small.refs.request.digest,
  });
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
