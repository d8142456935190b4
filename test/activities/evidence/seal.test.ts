import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowStartOptions } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDeliveryActivities } from '../../../activities/delivery/index.js';
import type { EvidenceDependencies } from '../../../activities/evidence/dependencies.js';
import { findUnsealed } from '../../../activities/evidence/find-unsealed.js';
import { createEvidenceActivities } from '../../../activities/evidence/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { programPlaces } from '../../../libs/config/program-places.js';
import type { EvidenceActivities } from '../../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import {
  historyArchiveSchema,
  phaseRecordSchema,
  type Seal,
  type SealEntry,
  sealEntrySchema,
  sealSchema,
} from '../../../libs/contracts/evidence.js';
import { sealEntryName } from '../../../libs/evidence/seal-entry.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { searchAttribute } from '../../../libs/protocol/search-attributes.js';
import { type AllActivities, activityDoubles, agentItem, graphOf } from '../../support/activity-doubles.js';
import { engineServer } from '../../support/engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { withWorkers } from '../../workflows/support/workers.js';

let server: TestWorkflowEnvironment;
beforeAll(async () => {
  server = await engineServer();
});
afterAll(async () => server?.teardown());

let count = 0;

/** A store with the real activities of evidence and delivery, and doubles for the rest. */
async function archive() {
  count += 1;
  const run = `sealed${count}`;
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'artifacts'));
  const dependencies: EvidenceDependencies = {
    store,
    client: server.client,
    packages: join(folder, 'packages'),
    bundlePath: programPlaces().workflowBundle,
  };
  const evidence = createEvidenceActivities(dependencies);
  const doubles = (replaced: Partial<AllActivities>) =>
    activityDoubles(graphOf(agentItem('look'), agentItem('mend', { after: ['look'] })), {
      ...evidence,
      ...createDeliveryActivities(dependencies),
      judgePhase: async ({ pass, phase }) => ({
        pass,
        passed: true,
        verdict: await store.putJson({ pass, phase }),
        checks: 1,
        failures: [],
      }),
      stagePackage: async () => {
        const files = [{ name: 'a.txt', ...(await store.put('A', 'text/plain')) }];
        const manifest = await store.putJson({ files: ['a.txt'] });
        return {
          outcome: await store.putJson({ kind: 'package', candidate: 'A', manifest, files }),
          summary: 'Candidate A',
          facts: null,
        };
      },
      ...replaced,
    });
  const request = await store.putJson({ request: 'review' });
  const start = async (options: Pick<WorkflowStartOptions, 'workflowRunTimeout'> = {}) =>
    await server.client.workflow.start('run', {
      taskQueue: 'control',
      workflowId: workflowId.run(run),
      args: [{ run, tenant: 'local', request }],
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
  return { run, store, dependencies, evidence, doubles, start, handle, sealOf, request };
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

describe('a run that completed', () => {
  test('is sealed into its package, with every history, record, attempt log and verdict', async () => {
    const { run, store, dependencies, doubles, start, handle, sealOf, request } = await archive();
    await withWorkers(server, doubles({}).of, async () => {
      await (await start()).result();
      await handle(workflowId.seal(run)).result();
    });
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
      packagePath: join(dependencies.packages, `run-${run}`),
    });
    expect(seal.histories.map(({ workflowId: id, type, closed }) => [id, type, closed])).toEqual([
      [`run-${run}`, 'run', 'COMPLETED'],
      ...phaseNames.map((phase) => [workflowId.phase(run, phase), phase, 'COMPLETED']),
    ]);
    expect(Object.keys(seal.records)).toEqual(expect.arrayContaining([...phaseNames]));
    let previous: string | null = null;
    for (const phase of phaseNames) {
      const digest = seal.records[phase]?.digest;
      if (!digest) throw new Error(`There is no record of ${phase}.`);
      expect((await store.getJson(digest, phaseRecordSchema)).previous).toBe(previous);
      previous = digest;
    }
    const found = await files(join(dependencies.packages, `run-${run}`));
    expect(found).toEqual(
      [
        'a.txt',
        'delivery.json',
        'manifest.json',
        'seal/bundle.js',
        'seal/seal.json',
        'seal/histories/run.json',
        ...phaseNames.flatMap((phase, index) => [
          `seal/histories/${index + 1}-${phase}.json`,
          `seal/records/${index + 1}-${phase}.json`,
          `seal/attempts/${index + 1}-${phase}.json`,
          `seal/verdicts/${index + 1}-${phase}-A.json`,
        ]),
        'seal/verdicts/3-execute-B.json',
        'seal/verdicts/3-execute-C.json',
      ].sort(),
    );
    expect(await readFile(join(dependencies.packages, `run-${run}`, 'seal', 'seal.json'), 'utf8')).toBe(
      (await store.get((await entryOf(store, run)).seal.digest)).toString('utf8'),
    );
  });

  test('has histories that replay with the bundle in the seal', async () => {
    const { run, dependencies, doubles, start, handle, sealOf } = await archive();
    await withWorkers(server, doubles({}).of, async () => {
      await (await start()).result();
      await handle(workflowId.seal(run)).result();
    });
    const folder = join(dependencies.packages, `run-${run}`, 'seal');
    const { histories } = await sealOf();
    expect(histories).toHaveLength(8);
    for (const name of await readdir(join(folder, 'histories'))) {
      const history = JSON.parse(await readFile(join(folder, 'histories', name), 'utf8'));
      const id = name === 'run.json' ? `run-${run}` : `run-${run}/${name.replace('.json', '')}`;
      await Worker.runReplayHistory({ workflowBundle: { codePath: join(folder, 'bundle.js') } }, history, id);
    }
  });

  test('is sealed once: a second seal is the first', async () => {
    const { run, store, doubles, start, handle, evidence, sealOf } = await archive();
    await withWorkers(server, doubles({}).of, async () => {
      await (await start()).result();
      await handle(workflowId.seal(run)).result();
    });
    const first = await sealOf();
    const { archive: again } = await evidence.archiveHistories({ run });
    const { seal } = await evidence.writeSeal({ run, by: 'sweep', archive: again });
    expect((await sealOf()).by).toBe('conclude');
    expect(await sealOf()).toEqual(first);
    expect(seal).toEqual((await entryOf(store, run)).seal);
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
  const { run, dependencies, doubles, start, handle, sealOf } = await archive();
  const captureSubject = async (): Promise<never> => {
    throw ApplicationFailure.nonRetryable('There is no such package.', 'SubjectUnknown');
  };
  await withWorkers(server, doubles({ captureSubject }).of, async () => {
    await (await start()).result().catch(() => undefined);
    await handle(workflowId.seal(run)).result();
  });
  const seal = await sealOf();
  expect(seal).toMatchObject({
    status: 'FAILED',
    failure: { code: 'SubjectUnknown', message: 'There is no such package.' },
    packageManifest: null,
    packagePath: null,
    folder: join(dependencies.packages, `run-${run}`),
  });
  expect(Object.keys(seal.records).sort()).toEqual(['conclude', 'ingest']);
  expect(await readdir(seal.folder)).toEqual(['seal']);
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
  const half = join(dependencies.packages, `run-${run}`, 'seal');
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'seal.json'), '{"half":');
  const { archive: found } = await evidence.archiveHistories({ run });
  await evidence.writeSeal({ run, by: 'sweep', archive: found });
  expect(await files(half)).toEqual(['bundle.js', 'histories/run.json', 'seal.json']);
  expect(JSON.parse(await readFile(join(half, 'seal.json'), 'utf8'))).toEqual(await sealOf());
  expect(await readdir(join(dependencies.packages, `run-${run}`))).toEqual(['seal']);
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
      run: { run, tenant: 'local', request },
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
