import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { HeptadError } from '../protocol/errors.js';
import { environmentSchema, settingName } from './environment-schema.js';
import { userFolder } from './user-folder.js';

/** Whether each transaction of the local engine is synced to disk (`FULL`) or only ordered (`NORMAL`). */
export type EngineSynchronous = 'FULL' | 'NORMAL';

/** What the environment says, validated and typed. Read once per process, by {@link readConfig}. */
export interface Config {
  /** Folder of everything that must last. Absolute. */
  readonly data: string;
  /** Folder of what can be fetched or built again: engine, test server, sandbox. Absolute. */
  readonly cache: string;
  /** Folder of what is a person's own: their keys, and the public keys that they trust. Absolute. */
  readonly configFolder: string;
  /** Tenant of runs that are started without one. Default `local`. */
  readonly tenant: string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly temporal: {
    /** `host:port` of the engine. */
    readonly address: string;
    /** Whether the address was given: then the local stack starts no engine of its own. */
    readonly external: boolean;
    /** Port of the engine that the local stack starts. Default 7233. */
    readonly port: number;
    /** Port of the Web UI that the local stack starts. Default 8233. */
    readonly uiPort: number;
    readonly namespace: string;
    readonly synchronous: EngineSynchronous;
  };
  readonly api: {
    /** Address that the API listens on. Default 127.0.0.1. */
    readonly host: string;
    /** Default 8080. */
    readonly port: number;
    /** Bearer token that callers must send; demanded where `host` is not loopback. */
    readonly token: string | undefined;
    /** Requests per minute and client. Default 600. */
    readonly rateLimit: number;
    /** Hosts beside loopback's by which the API is reached, as `name` or `name:port`; other `Host` headers are refused. */
    readonly allowedHosts: readonly string[];
  };
  /** Folders below which directories and local repositories may be subjects. Absolute. */
  readonly subjectRoots: readonly string[];
  /** Folders below which packages may be delivered, to a folder or a local repository. Default: none. Absolute. */
  readonly deliveryRoots: readonly string[];
  /** The object store for deliveries to a bucket. Credentials are found by AWS's own rules, never here. */
  readonly s3: {
    /** URL; that of AWS for the region where not given. */
    readonly endpoint: string | undefined;
    /** As AWS's own rules say where not given; with an endpoint of its own `us-east-1`. */
    readonly region: string | undefined;
    /** Whether the bucket stands in the path and not in the host. Default: where an endpoint is given. */
    readonly pathStyle: boolean;
  };
  /** Port on which this process serves its metrics on loopback; none without it. */
  readonly metricsPort: number | undefined;
  /** Days that the archive of a run is kept after it closed; for ever where there is none. */
  readonly retentionDays: number | undefined;
  /** The bubblewrap program; looked up on the PATH where not given. The local stack gives it. */
  readonly bubblewrap: string | undefined;
  /** The PATH, on which other programs are looked up. */
  readonly path: string;
}

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from the environment; {@link environmentSchema} lists them with their defaults.
 *
 * @throws HeptadError `ConfigurationInvalid`, with every problem found
 */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = environmentSchema.safeParse(settingsOf(environment));
  if (!parsed.success) throw invalid(parsed.error);
  const settings = parsed.data;
  const home = environment.HOME ?? homedir();
  return {
    data: resolve(
      settings.DATA ?? join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'heptad'),
    ),
    cache: resolve(settings.CACHE ?? join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'heptad')),
    configFolder: userFolder(environment),
    tenant: settings.TENANT,
    logLevel: settings.LOG_LEVEL,
    temporal: {
      address: settings.TEMPORAL_ADDRESS ?? `127.0.0.1:${settings.TEMPORAL_PORT}`,
      external: settings.TEMPORAL_ADDRESS !== undefined,
      port: settings.TEMPORAL_PORT,
      uiPort: settings.TEMPORAL_UI_PORT,
      namespace: settings.TEMPORAL_NAMESPACE,
      synchronous: settings.ENGINE_SYNCHRONOUS,
    },
    api: {
      host: settings.API_HOST,
      port: settings.API_PORT,
      token: settings.API_TOKEN,
      rateLimit: settings.RATE_LIMIT,
      allowedHosts: settings.API_ALLOWED_HOSTS?.split(',') ?? [],
    },
    // npm changes into the package's folder before it runs a script; INIT_CWD is where the person was.
    subjectRoots:
      settings.SUBJECT_ROOTS === undefined
        ? [resolve(environment.INIT_CWD || process.cwd())]
        : foldersOf(settings.SUBJECT_ROOTS),
    deliveryRoots: foldersOf(settings.DELIVERY_ROOTS),
    s3: {
      endpoint: settings.S3_ENDPOINT,
      region: settings.S3_REGION,
      pathStyle: (settings.S3_PATH_STYLE ?? String(settings.S3_ENDPOINT !== undefined)) === 'true',
    },
    metricsPort: settings.METRICS_PORT,
    retentionDays: settings.RETENTION === 'forever' ? undefined : Number.parseInt(settings.RETENTION, 10),
    bubblewrap: settings.BUBBLEWRAP,
    path: environment.PATH ?? '',
  };
}

/** The variables from which {@link readConfig} reads this configuration again: what a child process is given. */
export function toEnvironment(config: Config): Record<string, string> {
  const settings: Record<string, string | undefined> = {
    DATA: config.data,
    CACHE: config.cache,
    CONFIG: config.configFolder,
    TENANT: config.tenant,
    LOG_LEVEL: config.logLevel,
    TEMPORAL_ADDRESS: config.temporal.external ? config.temporal.address : undefined,
    TEMPORAL_PORT: String(config.temporal.port),
    TEMPORAL_UI_PORT: String(config.temporal.uiPort),
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    ENGINE_SYNCHRONOUS: config.temporal.synchronous,
    API_HOST: config.api.host,
    API_PORT: String(config.api.port),
    API_TOKEN: config.api.token,
    RATE_LIMIT: String(config.api.rateLimit),
    API_ALLOWED_HOSTS: config.api.allowedHosts.join(',') || undefined,
    SUBJECT_ROOTS: config.subjectRoots.join(delimiter),
    DELIVERY_ROOTS: config.deliveryRoots.join(delimiter) || undefined,
    S3_ENDPOINT: config.s3.endpoint,
    S3_REGION: config.s3.region,
    S3_PATH_STYLE: String(config.s3.pathStyle),
    METRICS_PORT: config.metricsPort === undefined ? undefined : String(config.metricsPort),
    RETENTION: config.retentionDays === undefined ? undefined : `${config.retentionDays} days`,
    BUBBLEWRAP: config.bubblewrap,
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      value === undefined ? [] : [[settingName(key), value]],
    ),
  );
}

/**
 * The environment for a child process: that of this process, with the settings of `config` in place of its own.
 */
export function childEnvironment(config: Config, environment: Environment = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith(settingName('')));
  return { ...Object.fromEntries(others), ...toEnvironment(config) };
}

/** Folders that are separated like those of the PATH. */
const foldersOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));

/** The settings in the environment by their names without prefix; an empty one counts as not set. */
function settingsOf(environment: Environment): Record<string, string> {
  const prefix = settingName('');
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(prefix) && value ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function invalid(error: z.ZodError): HeptadError {
  const problems = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: settingName(key), reason: 'There is no such setting.' }))
      : [{ path: settingName(issue.path.join('.')), reason: issue.message }],
  );
  const list = problems.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n');
  return new HeptadError(
    'ConfigurationInvalid',
    `The environment has settings that are not valid:\n${list}`,
    {
      problems,
    },
  );
}
