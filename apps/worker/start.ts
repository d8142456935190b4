import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { Config } from '../../libs/config/config.js';
import { openDataFolder } from '../../libs/config/open-data-folder.js';
import { programPlaces } from '../../libs/config/program-places.js';
import { queue } from '../../libs/protocol/names.js';
import { findBubblewrap } from '../../libs/sandbox/find-bubblewrap.js';
import { ownScratch } from '../../libs/scratch/own-scratch.js';
import { createLogger, type Logger, temporalLogger } from '../../libs/telemetry/logger.js';
import { activitiesOf } from './activities.js';
import { activityInterceptor } from './activity-interceptor.js';
import { CircuitBreakers } from './circuit-breakers.js';
import { connectPatiently } from './connect-patiently.js';
import { ensureSweep } from './ensure-sweep.js';
import { breakerTransition, serveMetrics } from './metrics.js';
import type { Role } from './roles.js';

export interface RunningWorker {
  /** Takes no new work, lets what runs finish for a short while, then ends. */
  stop(): Promise<void>;
  /** Settles when the worker has ended. */
  readonly done: Promise<void>;
}

/** How many activities a process has at once. Agents and verifiers are bounded by the machine, the rest is waiting. */
const concurrency: Record<Role, number> = { control: 50, agents: 4, verify: 4 };

/** Starts the worker of a role: which queue it serves, with what, and how it is tuned. */
export async function startWorker(role: Role, config: Config): Promise<RunningWorker> {
  const logger = createLogger({ name: `worker-${role}`, config });
  const worker = await createWorker(role, config, logger);
  const metrics = await serveMetrics(config.metricsPort);
  const done = worker.run().finally(() => metrics.close());
  logger.info({ role, queue: queue[role] }, 'Worker serves its queue.');
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}

async function createWorker(role: Role, config: Config, logger: Logger): Promise<Worker> {
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
  const name = `${role}@${hostname()}#${process.pid}`;
  const options: WorkerOptions = {
    connection,
    namespace,
    taskQueue: queue[role],
    identity: name,
    activities: activitiesOf(role, {
      config,
      scratch,
      packages: places.packages,
      program,
      store,
      client,
      sandboxHost,
    }),
    interceptors: {
      activity: [
        (context) => ({ inbound: activityInterceptor({ store, breakers, logger, worker: name })(context) }),
      ],
    },
    maxConcurrentActivityTaskExecutions: concurrency[role],
    // A run goes on at once after its worker was killed; the default waits 10 s for the old one.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '3s',
    // Beats are frequent so that a killed worker is noticed soon; the default would hold them back.
    maxHeartbeatThrottleInterval: '500ms',
    defaultHeartbeatThrottleInterval: '500ms',
  };
  if (role !== 'control') return await Worker.create(options);
  await ensureSweep(client);
  return await Worker.create({ ...options, workflowBundle: { codePath: program.workflowBundle } });
}

let installed = false;

/** The runtime of Temporal's SDK is one per process, whoever starts a worker first. */
function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
}
