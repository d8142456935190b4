import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowStartOptions } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EvidenceDependencies } from '../../../activities/evidence/dependencies.js';
import { findUnsealed } from '../../../activities/evidence/find-unsealed.js';
import { createEvidenceActivities } from '../../../activities/evidence/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import { collectGarbage } from '../../../libs/artifacts/garbage/collect-garbage.js';
import { rootsOfEntries } from '../../../libs/artifacts/garbage/roots-of-entries.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { programPlaces } from '../../../libs/config/program-places.js';
import type { EvidenceActivities } from '../../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import {
  historyArchiveSchema,
  type PhaseRecord,
  phaseRecordSchema,
  type Refusal,
  refusalSchema,
  type Seal,
  type SealEntry,
  sealEntrySchema,
  sealSchema,
} from '../../../libs/contracts/evidence.js';
import { Trust } from '../../../libs/crypto/trust.js';
import { chainProblems, headOf } from '../../../libs/evidence/record-problems.js';
import { refusalEntryName, sealEntryName } from '../../../libs/evidence/seal-entry.js';
import { failureOf, HeptadError } from '../../../libs/protocol/errors.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { searchAttribute } from '../../../libs/protocol/search-attributes.js';
import {
  type AllActivities,
  activityDoubles,
  agentItem,
  graphOf,
  refTo,
} from '../../support/activity-doubles.js';
import { engineServer } from '../../support/engine.js';
import { passing, serviceSigners, verdictOn } from '../../support/service-signers.js';
import { withWorkers } from '../../workflows/support/workers.js';

let server: TestWorkflowEnvironment;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'heptad-test-'));
  server = await engineServer();
});
afterAll(async () => {
  await server?.teardown();
  await rm(root, { recursive: true, force: true });
});

let count = 0;

/** The activities as a worker's interceptor lets them fail. */
const asActivities = (evidence: EvidenceActivities): EvidenceActivities => ({
  ...evidence,
  writeRecord: (request) => evidence.writeRecord(request).catch(fail),
  archiveHistories: (request) => evidence.archiveHistories(request).catch(fail),
  writeSeal: (request) => evidence.writeSeal(request).catch(fail),
});

function fail(error: unknown): never {
  throw error instanceof HeptadError ? failureOf(error) : error;
}

/** A store with the real activities of evidence, and doubles for the rest. */
async function archive() {
  count += 1;
  const run = `sealed${count}`;
  const folder = join(root, run);
  const store = openStore(join(folder, 'artifacts'));
  const signers = serviceSigners();
  const dependencies: EvidenceDependencies = {
    store,
    client: server.client,
    packages: join(folder, 'packages'),
    bundlePath: programPlaces().workflowBundle,
    ...signers,
  };
  const evidence = createEvidenceActivities(dependencies);
  const target = join(dependencies.packages, `run-${run}`);
  const doubles = (replaced: Partial<AllActivities>) =>
    activityDoubles(graphOf(agentItem('look'), agentItem('mend', { after: ['look'] })), {
      ...asActivities(evidence),
      judgePhase: passing(store, signers),
      deliverPackage: async () => {
        await mkdir(target, { recursive: true });
        await writeFile(join(target, 'a.txt'), 'A');
        const manifest = await store.putJson({ manifest: run });
        const receipt = await store.putJson({ delivered: run });
        return { path: target, manifest: manifest.digest, files: 1, receipt: receipt.digest };
      },
      ...replaced,
    });
  const request = await store.putJson({ request: 'review' });
  const start = async (options: Pick<WorkflowStartOptions, 'workflowRunTimeout'> = {}) =>
    await server.client.workflow.start('run', {
      taskQueue: 'control',
      workflowId: workflowId.run(run),
      args: [{ run, tenant: 'local', request, waiverWindowMs: 0 }],
      typedSearchAttributes: [
        { key: searchAttribute.run, value: run },
        { key: searchAttribute.template, value: 'small@1.0.0' },
        { key: searchAttribute.subject, value: 'npm:small@1.0.0' },
      ],
      ...options,
    });
  const handle = (id: string) => server.client.workflow.getHandle(id);
  const sealOf = async (): Promise<Seal> =>
    await store.getJson((await entryOf(store, run)).seal.digest, sealSchema);
  /** Runs it to its end, with or without some of the doubles, and waits until its seal has ended, however it did. */
  const finished = async (replaced: Partial<AllActivities> = {}): Promise<void> => {
    await withWorkers(server, doubles(replaced).of, async () => {
      await (await start()).result().catch(() => undefined);
      await handle(workflowId.seal(run))
        .result()
        .catch(() => undefined);
    });
  };
  /** Why it was not sealed. */
  const refusal = async (): Promise<Refusal> =>
    refusalSchema.parse(JSON.parse(String(await store.entries.get(refusalEntryName(run)))));
  return {
    ...{ run, folder, target, store, signers, dependencies, evidence, request },
    ...{ doubles, start, handle, sealOf, finished, refusal },
  };
}

type Archive = Awaited<ReturnType<typeof archive>>;

interface CutHistory {
  readonly events: unknown[];
}

const entryOf = async (store: ArtifactStore, run: string): Promise<SealEntry> =>
  sealEntrySchema.parse(JSON.parse(String(await store.entries.get(sealEntryName(run)))));

/** The archive; undefined as long as the run is open. */
async function archivedOf(evidence: EvidenceActivities, run: string): Promise<ArtifactRef | undefined> {
  try {
    return (await evidence.archiveHistories({ run })).archive;
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'RunOpen') return undefined;
    throw error;
  }
}

const files = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** What the seal of a run with these phases lists, and `seal.json`. */
const filesOf = (phases: readonly { number: number; phase: string; passes: readonly string[] }[]): string[] =>
  [
    'histories/run.json',
    'seal/bundle.js',
    'seal/keys.json',
    'seal/request.json',
    'seal/seal.json',
    ...phases.flatMap(({ number, phase, passes }) => [
      `histories/${number}-${phase}.json`,
      `seal/records/${number}-${phase}.json`,
      `seal/attempts/${number}-${phase}.json`,
      ...passes.map((pass) => `seal/verdicts/${number}-${phase}-${pass}.json`),
    ]),
  ].sort();

const wholeRun = phaseNames.map((phase, index) => ({ number: index + 1, phase, passes: ['A', 'B', 'C'] }));

describe('a run that completed', () => {
  let made: Archive;
  beforeAll(async () => {
    made = await archive();
    await made.finished();
  });

  test('is sealed into its package, with every history, record, attempt log, verdict and key', async () => {
    const { run, store, signers, target, sealOf, request } = made;
    const seal = await sealOf();
    expect(seal).toMatchObject({
      run,
      tenant: 'local',
      status: 'COMPLETED',
      failure: null,
      by: 'conclude',
      template: 'small@1.0.0',
      subject: 'npm:small@1.0.0',
      request: request.digest,
      decision: 'PROCEED',
      packageManifest: digestOfJson({ manifest: run }),
      packagePath: target,
      receipt: digestOfJson({ delivered: run }),
      deliveries: [],
    });
    expect(seal.histories.map(({ workflowId: id, type, closed }) => [id, type, closed])).toEqual([
      [`run-${run}`, 'run', 'COMPLETED'],
      ...phaseNames.map((phase) => [workflowId.phase(run, phase), phase, 'COMPLETED']),
    ]);
    const records: PhaseRecord[] = [];
    for (const phase of phaseNames) {
      const digest = seal.records[phase]?.digest;
      if (!digest) throw new Error(`There is no record of ${phase}.`);
      records.push(await store.getJson(digest, phaseRecordSchema));
    }
    expect(chainProblems(records, { trust: signers.pinned })).toEqual([]);
    expect(seal.head).toBe(headOf(records));
    expect(await files(target)).toEqual(['a.txt', ...filesOf(wholeRun)].sort());
    expect(await readFile(join(target, 'seal', 'seal.json'), 'utf8')).toBe(
      (await store.get((await entryOf(store, run)).seal.digest)).toString('utf8'),
    );
  });

  test('has a seal that release signed, and that lists every other file as it is', async () => {
    const { signers, target, sealOf } = made;
    const seal = await sealOf();
    const expected = { type: payloadType.seal, identity: 'release' } as const;
    expect(signers.pinned.problemsOf(seal, expected)).toEqual([]);
    const listed = await Promise.all(
      filesOf(wholeRun)
        .filter((path) => path !== 'seal/seal.json')
        .map(async (path) => {
          const bytes = await readFile(join(target, path));
          const sha256 = createHash('sha256').update(bytes).digest('hex');
          return { path, size: bytes.length, sha256 };
        }),
    );
    expect(seal.files).toEqual(listed);
    const keys = JSON.parse(await readFile(join(target, 'seal', 'keys.json'), 'utf8'));
    expect(keys.keys.map(({ identity }: { identity: string }) => identity)).toEqual([
      'agents',
      'producer',
      'release',
      'verifier.a',
      'verifier.b',
      'verifier.c',
    ]);
  });

  test('has histories that replay with the bundle in the seal', async () => {
    const { run, target, sealOf } = made;
    const { histories } = await sealOf();
    expect(histories).toHaveLength(8);
    for (const name of await readdir(join(target, 'histories'))) {
      const history = JSON.parse(await readFile(join(target, 'histories', name), 'utf8'));
      const id = name === 'run.json' ? `run-${run}` : `run-${run}/${name.replace('.json', '')}`;
      const workflowBundle = { codePath: join(target, 'seal', 'bundle.js') };
      await Worker.runReplayHistory({ workflowBundle }, history, id);
    }
  });

  test('is sealed once: a second seal is the first', async () => {
    const { run, store, evidence, sealOf } = made;
    const first = await sealOf();
    const { archive: again } = await evidence.archiveHistories({ run });
    const { seal } = await evidence.writeSeal({ run, by: 'sweep', archive: again });
    expect((await sealOf()).by).toBe('conclude');
    expect(await sealOf()).toEqual(first);
    expect(seal).toEqual((await entryOf(store, run)).seal);
  });

  test('is sealed again with the same bytes where the sealing was cut off at any point', async () => {
    const { run, store, target, evidence, sealOf } = made;
    const first = await sealOf();
    const names = await files(target);
    const { archive: again } = await evidence.archiveHistories({ run });
    const cuts: (() => Promise<void>)[] = [
      async () => undefined,
      async () => await rm(join(target, 'seal'), { recursive: true }),
      async () => await rm(join(target, 'histories'), { recursive: true }),
      async () => await writeFile(join(target, 'histories', 'run.json'), '{"half":'),
      async () => await writeFile(join(target, 'seal', 'more.json'), '{}'),
      async () => await cp(join(target, 'seal'), join(target, '.seal.cut-off.replaced'), { recursive: true }),
    ];
    for (const cut of cuts) {
      await cut();
      await store.entries.delete(sealEntryName(run));
      await evidence.writeSeal({ run, by: 'conclude', archive: again });
      expect(await sealOf()).toEqual(first);
      expect(await files(target)).toEqual(names);
    }
  });

  test('keeps every file of its archive in the store, whatever garbage is collected', async () => {
    const { run, folder, store, target } = made;
    const unneeded = await store.putJson({ needed: 'by nothing' });
    const artifacts = join(folder, 'artifacts', 'sha256');
    const long = new Date('2020-01-01T00:00:00Z');
    for (const name of await files(artifacts)) await utimes(join(artifacts, name), long, long);
    const report = await collectGarbage(store, rootsOfEntries(store, 'seals/'), {
      deleteThem: true,
      grace: 0,
    });
    expect(report.garbage.count).toBeGreaterThan(0);
    expect(await store.has(unneeded.digest)).toBe(false);
    expect(await store.has((await entryOf(store, run)).seal.digest)).toBe(true);
    for (const name of filesOf(wholeRun)) {
      const bytes = await readFile(join(target, name));
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as const;
      expect([name, await store.has(digest)]).toEqual([name, true]);
    }
  });
});

describe('a run is not sealed', () => {
  test('with a verdict that the producer signed, and the refusal says why', async () => {
    const made = await archive();
    const { run, store, target, dependencies, evidence, refusal } = made;
    const { producer, verifiers } = made.signers;
    const forge = { verifiers: { ...verifiers, B: producer } };
    const { writeRecord } = asActivities(evidence);
    await made.finished({
      // A producer that does not look at the verdicts itself.
      writeRecord: async (request) => {
        const ref = await writeRecord(request);
        const { output, round, phase } = request;
        if (phase !== 'coordinate' || !output) return ref;
        const { signature: _, ...record } = await store.getJson(ref.digest, phaseRecordSchema);
        const forged = verdictOn({ run, phase, round, pass: 'B', input: request.input, output }, forge);
        const { digest } = await store.putJson(forged);
        const verdicts = record.verdicts.map((one) => (one.pass === 'B' ? { ...one, verdict: digest } : one));
        return await store.putJson(producer.signed(payloadType.record, { ...record, verdicts }));
      },
    });
    const { problems, archive: kept, records } = await refusal();
    expect(problems).toEqual(['coordinate: Pass B: It is signed by producer, not by verifier.b.']);
    expect(await store.getJson(kept, historyArchiveSchema)).toMatchObject({ run });
    for (const record of records) expect(await store.has(record)).toBe(true);
    expect(records).toHaveLength(7);
    expect(await store.entries.get(sealEntryName(run))).toBeUndefined();
    expect(await files(target)).toEqual(['a.txt']);
    const later = findUnsealed(dependencies, () => Date.now() + 60_000);
    expect((await later()).runs).not.toContain(run);
  });

  let made: Archive;
  beforeAll(async () => {
    made = await archive();
    await made.finished();
    await made.store.entries.delete(sealEntryName(made.run));
  });

  test.each<[string, (history: CutHistory) => void, string]>([
    ['that is cut before its closing event', ({ events }) => void events.pop(), 'closing event'],
    ['with an event taken out', ({ events }) => void events.splice(4, 1), 'every event'],
  ])('with a history %s', async (_, change, says) => {
    const { run, evidence, store } = made;
    const { archive: again } = await evidence.archiveHistories({ run });
    const { histories } = await store.getJson(again.digest, historyArchiveSchema);
    const changed = await Promise.all(
      histories.map(async (one) => {
        if (one.type !== 'execute') return one;
        const history = JSON.parse((await store.get(one.history.digest)).toString());
        change(history);
        return { ...one, events: history.events.length, history: await store.putJson(history) };
      }),
    );
    const forged = await store.putJson({ version: 1, run, histories: changed });
    await expect(evidence.writeSeal({ run, by: 'sweep', archive: forged })).rejects.toMatchObject({
      code: 'SealRefused',
      message: expect.stringContaining(says),
    });
    const without = histories.filter(({ type }) => type !== 'execute');
    const dropped = await store.putJson({ version: 1, run, histories: without });
    await expect(evidence.writeSeal({ run, by: 'sweep', archive: dropped })).rejects.toMatchObject({
      code: 'SealRefused',
      message: expect.stringContaining(`There is no history of run-${run}/3-execute.`),
    });
  });

  test('with a verifier whose key was revoked', async () => {
    const { run, evidence, dependencies, signers, store } = made;
    const revoked = { at: '2026-01-01T00:00:00.000Z', reason: 'It was copied.' };
    const trust = new Trust(
      signers.pinned.keys.map((key) => (key.identity === 'verifier.c' ? { ...key, revoked } : key)),
    );
    const { archive: again } = await evidence.archiveHistories({ run });
    const strict = createEvidenceActivities({ ...dependencies, trust: async () => trust });
    await expect(strict.writeSeal({ run, by: 'sweep', archive: again })).rejects.toMatchObject({
      code: 'SealRefused',
      message: expect.stringContaining('was revoked: It was copied.'),
    });
    // With the evidence in order again it is sealed, and is not refused any more.
    await evidence.writeSeal({ run, by: 'sweep', archive: again });
    expect(await store.entries.get(refusalEntryName(run))).toBeUndefined();
  });
});

test('a run that is open cannot be archived, and the error is one that is retried', async () => {
  const { run, evidence, start } = await archive();
  const handle = await start();
  await expect(evidence.archiveHistories({ run })).rejects.toMatchObject({ code: 'RunOpen' });
  await handle.terminate('enough');
});

test('a run that nobody knows cannot be archived', async () => {
  const { evidence } = await archive();
  await expect(evidence.archiveHistories({ run: 'nobody' })).rejects.toMatchObject({ code: 'RunUnknown' });
});

test('a run that failed is sealed with its code and the records of the phases that ran, without a package', async () => {
  const { run, dependencies, finished, sealOf } = await archive();
  const captureSubject = async (): Promise<never> => {
    throw ApplicationFailure.nonRetryable('There is no such package.', 'SubjectUnknown');
  };
  await finished({ captureSubject });
  const seal = await sealOf();
  expect(seal).toMatchObject({
    status: 'FAILED',
    failure: { code: 'SubjectUnknown', message: 'There is no such package.' },
    packageManifest: null,
    packagePath: null,
    receipt: null,
    folder: join(dependencies.packages, `run-${run}`),
  });
  expect(Object.keys(seal.records).sort()).toEqual(['conclude', 'ingest']);
  expect(await readdir(seal.folder)).toEqual(['histories', 'seal']);
});

test('a run that was cancelled is sealed with the record of the phase that was cut off', async () => {
  const { run, doubles, start, handle, sealOf } = await archive();
  const reached = Promise.withResolvers<void>();
  const captureSubject = async (): Promise<never> => {
    reached.resolve();
    throw new Error('It is tried again until the run is cancelled.');
  };
  await withWorkers(server, doubles({ captureSubject }).of, async () => {
    const started = await start();
    await reached.promise;
    await started.cancel();
    await started.result().catch(() => undefined);
    await handle(workflowId.seal(run)).result();
  });
  const seal = await sealOf();
  expect(seal).toMatchObject({ status: 'CANCELLED', failure: { code: 'Cancelled' } });
  expect(Object.keys(seal.records).sort()).toEqual(['conclude', 'ingest']);
});

test('a run whose delivery failed is sealed, with the record of what was to be delivered', async () => {
  const { finished, sealOf } = await archive();
  await finished({
    deliverPackage: async () => {
      throw ApplicationFailure.nonRetryable('Something else is there.', 'DeliveryConflict');
    },
  });
  const seal = await sealOf();
  expect(seal).toMatchObject({
    status: 'FAILED',
    failure: { code: 'DeliveryConflict' },
    packageManifest: null,
  });
  expect(Object.keys(seal.records)).toHaveLength(7);
});

test('a run that was delivered elsewhere too is sealed with each receipt', async () => {
  const { store, target, finished, sealOf } = await archive();
  const receipts = await Promise.all(['/first', '/second'].map((path) => store.putJson({ path })));
  await finished({
    stagePackage: async () => ({
      outcome: await store.putJson({ staged: 'package' }),
      summary: 'staged',
      facts: { targets: receipts.map((_, at) => ({ kind: 'folder', path: `/${at}` })) },
    }),
    deliverTo: async ({ target: to }) => {
      const receipt = to.kind === 'folder' ? receipts[Number(to.path.slice(1))] : undefined;
      if (!receipt) throw new Error('There is no receipt.');
      return { receipt, says: 'delivered' };
    },
  });
  const { deliveries, files: listed } = await sealOf();
  expect([...deliveries].sort()).toEqual(receipts.map(({ digest }) => digest).sort());
  for (const [at, digest] of deliveries.entries()) {
    const path = `seal/deliveries/${at + 1}.json`;
    expect(listed).toContainEqual(expect.objectContaining({ path, sha256: digest.slice('sha256:'.length) }));
    expect(await readFile(join(target, path))).toEqual(await store.get(digest));
  }
});

test('a run that a verdict blocked is sealed, and its failed verdict is in the seal', async () => {
  const { store, signers, finished, sealOf } = await archive();
  const honest = passing(store, signers);
  const failed = { passed: false, checks: [{ check: 'again', ok: false, says: 'It is another.' }] };
  await finished({
    judgePhase: async (request) =>
      request.pass === 'B' && request.phase === 'assign'
        ? {
            ...(await honest(request)),
            passed: false,
            verdict: await store.putJson(verdictOn(request, signers, failed)),
            failures: ['It is another.'],
          }
        : await honest(request),
  });
  const seal = await sealOf();
  expect(seal).toMatchObject({ status: 'FAILED', failure: { code: 'VerificationFailed' } });
  expect(seal.files.map(({ path }) => path)).toContain('seal/verdicts/2-assign-B.json');
});

test('a run with a forged verdict fails with a code, and is sealed as that', async () => {
  const { store, signers, finished, sealOf } = await archive();
  const honest = passing(store, signers);
  const forging = passing(store, serviceSigners());
  await finished({
    judgePhase: async (request) =>
      await (request.pass === 'C' && request.phase === 'coordinate' ? forging : honest)(request),
  });
  expect(await sealOf()).toMatchObject({ status: 'FAILED', failure: { code: 'VerdictInvalid' } });
});

test('a run with a verdict that nobody stored fails with a code, and is sealed without it', async () => {
  const { store, signers, finished, sealOf } = await archive();
  const honest = passing(store, signers);
  await finished({
    judgePhase: async (request) => ({
      ...(await honest(request)),
      ...(request.pass === 'A' && request.phase === 'assign' ? { verdict: refTo('no verdict') } : {}),
    }),
  });
  const { failure, files: listed } = await sealOf();
  expect(failure?.code).toBe('VerdictInvalid');
  const verdicts = listed.map(({ path }) => path).filter((path) => path.includes('verdicts/2-'));
  expect(verdicts).toEqual(['seal/verdicts/2-assign-B.json', 'seal/verdicts/2-assign-C.json']);
});

test('a run that was terminated is found by the sweep and sealed, saying so', async () => {
  const { run, doubles, dependencies, evidence, start, sealOf } = await archive();
  const later = findUnsealed(dependencies, () => Date.now() + 60_000);
  const reached = Promise.withResolvers<void>();
  const captureSubject = async (): Promise<never> => {
    reached.resolve();
    throw new Error('It is tried again until the run is terminated.');
  };
  const started = await start();
  await withWorkers(server, doubles({ captureSubject }).of, async () => {
    await reached.promise;
    await started.terminate('by hand');
  });
  await expect.poll(async () => (await later()).runs).toContain(run);
  expect((await evidence.findUnsealed()).runs).not.toContain(run);
  // Its phases are terminated by the server in its own time.
  const found = await vi.waitUntil(async () => await archivedOf(evidence, run), { timeout: 20_000 });
  await evidence.writeSeal({ run, by: 'sweep', archive: found });
  expect(await sealOf()).toMatchObject({
    status: 'TERMINATED',
    by: 'sweep',
    failure: { code: 'Terminated', message: 'The run was terminated from outside: by hand' },
  });
  expect((await sealOf()).histories.map(({ closed }) => closed)).toEqual(['TERMINATED', 'TERMINATED']);
  expect((await later()).runs).not.toContain(run);
});

test('a run that timed out is sealed as such', async () => {
  const { run, evidence, start, sealOf } = await archive();
  await (await start({ workflowRunTimeout: '1s' })).result().catch(() => undefined);
  const { archive: found } = await evidence.archiveHistories({ run });
  await evidence.writeSeal({ run, by: 'sweep', archive: found });
  expect(await sealOf()).toMatchObject({ status: 'TIMED_OUT', failure: { code: 'TimedOut' }, records: {} });
});

test('a seal that was cut off before its entry is written again, whole', async () => {
  const { run, dependencies, evidence, start, sealOf } = await archive();
  await (await start({ workflowRunTimeout: '1s' })).result().catch(() => undefined);
  const folder = join(dependencies.packages, `run-${run}`);
  await mkdir(join(folder, 'seal'), { recursive: true });
  await writeFile(join(folder, 'seal', 'seal.json'), '{"half":');
  const { archive: found } = await evidence.archiveHistories({ run });
  await evidence.writeSeal({ run, by: 'sweep', archive: found });
  expect(await files(folder)).toEqual(filesOf([]));
  expect(JSON.parse(await readFile(join(folder, 'seal', 'seal.json'), 'utf8'))).toEqual(await sealOf());
  expect(await readdir(folder)).toEqual(['histories', 'seal']);
});

test('an archive of another run is refused', async () => {
  const { run, evidence, start } = await archive();
  await (await start({ workflowRunTimeout: '1s' })).result().catch(() => undefined);
  const { archive: found } = await evidence.archiveHistories({ run });
  await expect(evidence.writeSeal({ run: 'another', by: 'sweep', archive: found })).rejects.toMatchObject({
    code: 'InputInvalid',
  });
});

test('every run of a chain that continued as new is archived, oldest first', async () => {
  const { run, store, evidence, doubles, request } = await archive();
  const items = ['first', 'second', 'third'].map((id, index, ids) =>
    agentItem(id, { after: ids.slice(Math.max(0, index - 1), index) }),
  );
  await withWorkers(server, doubles({}).of, async () => {
    const execute = {
      run: { run, tenant: 'local', request, waiverWindowMs: 0 },
      waiverWindowMs: 0,
      previous: null,
      input: { accepted: request, assignment: request },
      graph: graphOf(...items),
      continueAfter: 8,
    };
    const started = await server.client.workflow.start('execute', {
      taskQueue: 'control',
      workflowId: workflowId.run(run),
      args: [execute],
    });
    await started.result();
  });
  const { archive: found } = await evidence.archiveHistories({ run });
  const { histories } = await store.getJson(found.digest, historyArchiveSchema);
  const closed = histories.map((one) => one.closed);
  expect(closed.length).toBeGreaterThan(1);
  expect(closed).toEqual([...closed.slice(1).map(() => 'CONTINUED_AS_NEW'), 'COMPLETED']);
  expect(new Set(histories.map(({ runId }) => runId)).size).toBe(histories.length);
});
