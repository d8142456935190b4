import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, childEnvironment } from '../../libs/config/config.js';
import { openDataFolder } from '../../libs/config/open-data-folder.js';
import { paths } from '../../libs/config/paths.js';
import { programPlaces } from '../../libs/config/program-places.js';
import { userPlaces } from '../../libs/config/user-folder.js';
import { pinForUser } from '../../libs/crypto/pin-for-user.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { type QueueName, queue } from '../../libs/protocol/names.js';
import { provideBubblewrap } from './provision/provide-bubblewrap.js';
import { provideEngine } from './provision/provide-engine.js';
import { tryLock } from './setup/lock.mjs';
import { say as sayOnStandardError } from './setup/step.mjs';
import { engineAnswers, httpAnswers, queueIsServed } from './stack/answers.js';
import { engineArguments } from './stack/engine-arguments.js';
import { demandFreePorts, type WantedPort } from './stack/free-ports.js';
import { Part, type PartOptions } from './stack/part.js';
import { prepareNamespace } from './stack/prepare-namespace.js';

/** The processes of the local stack. `control` has the API in it. */
export type PartName = 'engine' | 'control' | 'agents' | 'verify';

/** A program and its arguments. */
export type Program = readonly [command: string, ...args: string[]];

export interface StackOptions {
  readonly config: Config;
  /** The parts to start beside the engine. Default: all. The others can be started later by `restart`. */
  readonly start?: readonly Exclude<PartName, 'engine'>[];
  /** Programs in place of the built ones. */
  readonly programs?: Partial<Record<Exclude<PartName, 'engine'>, Program>>;
  /** Milliseconds in which an engine of somebody else must answer. Default 30,000. */
  readonly engineTimeout?: number;
  /** Told each address once it answers. */
  readonly onAnswer?: (what: string, address: string) => void;
  /** Told what happens to the parts. Default: a line on standard error. */
  readonly say?: (line: string) => void;
}

/** A running local stack. */
export interface Stack {
  readonly addresses: {
    /** `host:port` of Temporal. */
    readonly engine: string;
    /** Temporal's Web UI; none where the engine is somebody else's. */
    readonly webUi: string | undefined;
    readonly api: string;
  };
  /** Stops the parts in order: the API and control, then the other workers, then the engine. */
  stop(): Promise<void>;
  /** Kills a part with everything it started, as `kill -9` does. It stays down until `restart`. */
  kill(part: PartName): Promise<void>;
  /** Starts a part that is down, and waits until it answers. */
  restart(part: PartName): Promise<void>;
}

/**
 * Starts the local stack: the engine, then the API and the workers, each once it answers. The parts end with this
 * process, however it ends. A part that dies by itself is started again. Keys that the parts made are pinned for the
 * user who starts it, so that `heptad verify` knows them.
 *
 * @throws HeptadError `SetupIncomplete` the engine or the sandbox cannot be had on this machine
 * @throws HeptadError `DataFolderInUse` another stack uses the data folder
 * @throws HeptadError `DataFolderNewer` the data folder is of a newer version
 * @throws HeptadError `PortInUse` a port is taken
 * @throws HeptadError `DependencyUnreachable` a part does not come up
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { start = ['control', 'agents', 'verify'], onAnswer = () => undefined } = options;
  const engine = options.config.temporal.external ? undefined : await provideEngine(options.config);
  const config = { ...options.config, bubblewrap: await provideBubblewrap(options.config) };
  await openDataFolder(config);
  const release = await tryLock(`data ${realpathSync(config.data)}`);
  if (release === undefined)
    throw new HeptadError(
      'DataFolderInUse',
      `Another local stack uses the data folder ${config.data}. Stop it, or set HEPTAD_DATA to another folder.`,
    );
  const addresses = addressesOf(config);
  const parts = makeParts({ ...options, config }, engine);
  const stop = async (): Promise<void> => {
    await parts.control.stop();
    await Promise.all([parts.agents.stop(), parts.verify.stop()]);
    await parts.engine?.stop();
    release();
  };
  try {
    await demandFreePorts(wantedPorts(config, start.includes('control')));
    await parts.engine?.start();
    if (parts.engine === undefined) await reachEngine(config, options.engineTimeout ?? 30_000);
    onAnswer('Temporal', addresses.engine);
    if (addresses.webUi !== undefined) onAnswer('Temporal Web UI', addresses.webUi);
    await prepareNamespace(config);
    await Promise.all(start.map((name) => parts[name].start()));
    if (start.includes('control')) onAnswer('Heptad API', addresses.api);
    await pinForUser(paths(config).trust, userPlaces(config.configFolder).trustedKeys);
  } catch (error) {
    await stop();
    throw error;
  }
  const part = (name: PartName): Part => {
    const found = parts[name];
    if (found === undefined)
      throw new Error(`The stack has no part ${name}: the engine is at ${config.temporal.address}.`);
    return found;
  };
  return {
    addresses,
    stop,
    kill: (name) => part(name).kill(),
    restart: (name) => part(name).start(),
  };
}

type Parts = Record<Exclude<PartName, 'engine'>, Part> & { readonly engine: Part | undefined };

function makeParts(
  { config, programs = {}, say = sayOnStandardError }: StackOptions,
  engine: string | undefined,
): Parts {
  const { api } = addressesOf(config);
  const part = (
    name: PartName,
    [command, ...args]: Program,
    answers: PartOptions['answers'],
    metrics = 0,
  ): Part =>
    new Part({
      name,
      command,
      args,
      env: childEnvironment(withMetricsPort(config, metrics)),
      log: join(config.data, 'logs', `${name}.out.log`),
      answers,
      say,
    });
  const worker = (name: 'agents' | 'verify', queues: readonly QueueName[], metrics: number): Part =>
    part(
      name,
      programs[name] ?? built('apps/worker/main.js', name),
      async (since, signal) => {
        const served = queues.map((one) =>
          queueIsServed(config, { queue: one, kind: 'ACTIVITY', since }, signal),
        );
        await Promise.all(served);
      },
      metrics,
    );
  return {
    engine:
      engine === undefined
        ? undefined
        : part('engine', [engine, ...engineArguments(config)], async (_, signal) => {
            await engineAnswers(config, signal);
            await httpAnswers(`http://127.0.0.1:${config.temporal.uiPort}/`, signal);
          }),
    control: part('control', programs.control ?? built('apps/local/control.js'), async (since, signal) => {
      await httpAnswers(`${api}/readyz`, signal);
      await queueIsServed(config, { queue: queue.control, kind: 'WORKFLOW', since }, signal);
    }),
    agents: worker('agents', [queue.agents], 1),
    verify: worker('verify', [queue.verifyA, queue.verifyB, queue.verifyC], 2),
  };
}

/** A built program, also where this module itself runs from its source. */
const built = (program: string, ...args: string[]): Program => [
  process.execPath,
  '--enable-source-maps',
  join(programPlaces().root, 'dist', program),
  ...args,
];

function addressesOf({ temporal, api }: Config): Stack['addresses'] {
  // An address that stands for all of them is reached by loopback.
  const host = ['0.0.0.0', '::'].includes(api.host) ? '127.0.0.1' : api.host;
  return {
    engine: temporal.address,
    webUi: temporal.external ? undefined : `http://127.0.0.1:${temporal.uiPort}`,
    api: `http://${host.includes(':') ? `[${host}]` : host}:${api.port}`,
  };
}

/** The processes share a machine, so each has its own port for metrics: the configured one and those after it. */
const withMetricsPort = (config: Config, offset: number): Config => ({
  ...config,
  metricsPort: config.metricsPort === undefined ? undefined : config.metricsPort + offset,
});

function wantedPorts({ temporal, api }: Config, withApi: boolean): WantedPort[] {
  const host = '127.0.0.1';
  const engine = [
    { host, port: temporal.port, what: 'the Temporal server', setting: 'HEPTAD_TEMPORAL_PORT' },
    { host, port: temporal.uiPort, what: "Temporal's Web UI", setting: 'HEPTAD_TEMPORAL_UI_PORT' },
  ];
  const own = { host: api.host, port: api.port, what: 'the API', setting: 'HEPTAD_API_PORT' };
  return [...(temporal.external ? [] : engine), ...(withApi ? [own] : [])];
}

async function reachEngine(config: Config, timeout: number): Promise<void> {
  await engineAnswers(config, AbortSignal.timeout(timeout)).catch((error: Error) => {
    throw new HeptadError(
      'EngineUnreachable',
      `No Temporal server with the namespace ${config.temporal.namespace} answers at ${config.temporal.address} ` +
        `(${error.message}). Start it, or unset HEPTAD_TEMPORAL_ADDRESS to have the local stack start one.`,
      { cause: error },
    );
  });
}
