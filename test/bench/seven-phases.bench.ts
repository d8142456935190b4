import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvidenceActivities } from '../../activities/evidence/index.js';
import { activityInterceptor } from '../../apps/worker/activity-interceptor.js';
import { CircuitBreakers } from '../../apps/worker/circuit-breakers.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { programPlaces } from '../../libs/config/program-places.js';
import { queue, workflowId } from '../../libs/protocol/names.js';
import { activityDoubles, agentItem, graphOf, refTo } from '../support/activity-doubles.js';
import { engineServer } from '../support/engine.js';
import { passing, serviceSigners } from '../support/service-signers.js';
import { figure, ms, percentile, timed } from './figures.js';

/**
 * A run through its seven phases with the wrapper complete (verdicts, records, attempt log) whose agents and
 * verifiers answer at once, against seven raw child workflows with one activity each, in turn on the same server.
 */
let environment: TestWorkflowEnvironment;
let folder: string;
beforeAll(async () => {
  environment = await engineServer();
  folder = await mkdtemp(join(tmpdir(), 'heptad-bench-'));
});
afterAll(async () => {
  await environment?.teardown();
  await rm(folder, { recursive: true, force: true });
});

const rounds = 40;
const warmUp = 5;

test('seven phases against seven raw child workflows', async () => {
  const ours: number[] = [];
  const raw: number[] = [];
  await withWorkers(async () => {
    for (let round = 0; round < rounds + warmUp; round += 1) {
      const rawTime = await timed(rawRun);
      const ourTime = await timed(run);
      if (round >= warmUp) {
        raw.push(rawTime);
        ours.push(ourTime);
      }
    }
  });
  expect(ours).toHaveLength(rounds);
  const p50 = { ours: percentile(ours, 0.5), raw: percentile(raw, 0.5) };
  figure('seven phases, trivial agents and verifiers, p50', {
    heptad: ms(p50.ours),
    raw: ms(p50.raw),
    ratio: (p50.ours / p50.raw).toFixed(2),
  });
});

async function rawRun(): Promise<void> {
  await environment.client.workflow.execute('rawRun', {
    taskQueue: 'raw',
    workflowId: `raw-${randomUUID()}`,
  });
}

async function run(): Promise<void> {
  const id = randomUUID();
  await environment.client.workflow.execute('run', {
    taskQueue: 'control',
    workflowId: workflowId.run(id),
    args: [{ run: id, tenant: 'local', request: refTo('request'), waiverWindowMs: 0 }],
  });
}

async function withWorkers(work: () => Promise<void>): Promise<void> {
  const store = openStore(join(folder, 'artifacts'));
  const signers = serviceSigners();
  const { workflowBundle } = programPlaces();
  const connection = environment.nativeConnection;
  const { client } = environment;
  const real = createEvidenceActivities({
    store,
    client,
    packages: join(folder, 'packages'),
    bundlePath: workflowBundle,
    ...signers,
  });
  const executed = await store.putJson({ kind: 'execution', graph: graphOf(), results: [], unfinished: [] });
  const doubles = activityDoubles(graphOf(agentItem('look')), {
    writeRecord: real.writeRecord,
    judgePhase: passing(store, signers),
    collectItems: async () => ({ outcome: executed, summary: 'executed', facts: null }),
  });
  const dependencies = {
    store,
    breakers: new CircuitBreakers(),
    logger: pino({ level: 'silent' }),
    signer: signers.producer,
    worker: 'bench',
  };
  const interceptors = {
    activity: [
      (context: Parameters<ReturnType<typeof activityInterceptor>>[0]) => ({
        inbound: activityInterceptor(dependencies)(context),
      }),
    ],
  };
  const bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('raw-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const workers = await Promise.all([
    Worker.create({
      connection,
      taskQueue: 'raw',
      workflowBundle: bundle,
      activities: { nothing: async () => undefined },
    }),
    Worker.create({
      connection,
      taskQueue: 'control',
      workflowBundle: { codePath: workflowBundle },
      activities: doubles.of('control'),
      interceptors,
    }),
    Worker.create({ connection, taskQueue: 'agents', activities: doubles.of('agents'), interceptors }),
    ...[queue.verifyA, queue.verifyB, queue.verifyC].map((taskQueue) =>
      Worker.create({ connection, taskQueue, activities: doubles.of(taskQueue), interceptors }),
    ),
  ]);
  const running = workers.map((worker) => worker.run());
  try {
    await work();
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  }
}
