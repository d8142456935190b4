import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { Config } from '../../libs/config/config.js';
import { openDataFolder } from '../../libs/config/open-data-folder.js';
import { programDigest } from '../../libs/config/program-digest.js';
import { programPlaces } from '../../libs/config/program-places.js';
import type { Pass } from '../../libs/contracts/evidence.js';
import { openSigner } from '../../libs/crypto/open-signer.js';
import { readTrust } from '../../libs/crypto/read-trust.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { ServiceIdentity } from '../../libs/protocol/identities.js';
import { findBubblewrap } from '../../libs/sandbox/find-bubblewrap.js';
import { ownScratch } from '../../libs/scratch/own-scratch.js';
import { createLogger, type Logger, temporalLogger } from '../../libs/telemetry/logger.js';
import { activitiesOf, type Given } from './activities.js';
import { activityInterceptor } from './activity-interceptor.js';
import { CircuitBreakers } from './circuit-breakers.js';
import { connectPatiently } from './connect-patiently.js';
import { ensureSweep } from './ensure-sweep.js';
import { breakerTransition, serveMetrics } from './metrics.js';
import { type Role, type Service, servicesOf } from './roles.js';

export interface RunningWorker {
  /** Takes no new work, lets what runs finish for a short while, then ends. */
  stop(): Promise<void>;
  /** Settles when the worker has ended. */
  readonly done: Promise<void>;
}

/** How many activities a worker has at once. Agents and verifiers are bounded by the machine, the rest is waiting. */
const concurrency: Record<Role, number> = { control: 50, agents: 4, verify: 4 };

/**
 * Starts what a role's process serves: on which queues, with what, and how it is tuned.
 *
 * @param pass the only pass that this process verifies; all where it is not given
 */
export async function startWorker(
  role: Role,
  pass: Pass | undefined,
  config: Config,
): Promise<RunningWorker> {
  const logger = createLogger({ name: `worker-${role}`, config });
  const workers = await createWorkers(role, servicesOf(role, pass), config, logger);
  const metrics = await serveMetrics(config.metricsPort);
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // A process serves all that it was started for, or ends and is started again.
  const running = workers.map((worker) => worker.run().finally(stop));
  const done = Promise.all(running).then(
    () => metrics.close(),
    async (error: unknown) => {
      await Promise.allSettled(running);
      metrics.close();
      throw error;
    },
  );
  return {
    done,
    async stop() {
      stop();
      await done;
    },
  };
}

async function createWorkers(
  role: Role,
  services: readonly Service[],
  config: Config,
  logger: Logger,
): Promise<Worker[]> {
  installRuntime(logger);
  const places = await openDataFolder(config);
  const scratch = await ownScratch(places.scratch, role);
  const program = programPlaces();
  const { address, namespace } = config.temporal;
  const connection = await connectPatiently(() => NativeConnection.connect({ address }), address, logger);
  const client = new Client({ connection, namespace });
  const store = openStore(places.artifacts);
  const sandboxHost = { bubblewrap: config.bubblewrap ?? (await findBubblewrap(config.path, config.cache)) };
  const breakers = new CircuitBreakers({
    onTransition: (dependency, state) => {
      breakerTransition(dependency, state);
      logger.warn({ dependency, state }, 'Circuit breaker changed its state.');
    },
  });
  const signerOf = (identity: ServiceIdentity): Promise<Signer> => openSigner(places, identity);
  const given: Given = {
    config,
    scratch,
    packages: places.packages,
    program,
    programDigest: await programDigest(program),
    store,
    client,
    sandboxHost,
    trust: () => readTrust(places.trust),
  };
  const name = `${role}@${hostname()}#${process.pid}`;
  const workers: Worker[] = [];
  if (role === 'control') await ensureSweep(client);
  for (const service of services) {
    const { activities, signer } = await activitiesOf(service, given, signerOf);
    const worker = await Worker.create({
      ...tuning,
      connection,
      namespace,
      taskQueue: service.queue,
      identity: name,
      activities,
      interceptors: {
        activity: [
          (context) => ({
            inbound: activityInterceptor({ store, breakers, logger, signer, worker: name })(context),
          }),
        ],
      },
      maxConcurrentActivityTaskExecutions: concurrency[role],
      ...(role === 'control' ? { workflowBundle: { codePath: program.workflowBundle } } : {}),
    });
    logger.info({ queue: service.queue, signer: signer.keyid }, 'Worker serves its queue.');
    workers.push(worker);
  }
  return workers;
}

const tuning = {
  // A run goes on at once after its worker was killed; the default waits 10 s for the old one.
  stickyQueueScheduleToStartTimeout: '1s',
  shutdownGraceTime: '3s',
  // Beats are frequent so that a killed worker is noticed soon; the default would hold them back.
  maxHeartbeatThrottleInterval: '500ms',
  defaultHeartbeatThrottleInterval: '500ms',
} as const satisfies Partial<WorkerOptions>;

let installed = false;

/** The runtime of Temporal's SDK is one per process, whoever starts a worker first. */
function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
}
