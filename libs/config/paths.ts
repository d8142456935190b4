import { join } from 'node:path';
import type { Config } from './config.js';

/** Where things are in the data folder. */
export interface Paths {
  /** A file with the number of the data folder's layout. */
  readonly version: string;
  /** The engine's database. */
  readonly engineDatabase: string;
  /** The content-addressed artifact store. */
  readonly artifacts: string;
  /** What was delivered, a folder per run. */
  readonly packages: string;
  /** Logs: a file of JSON lines per process, and what its parts print. */
  readonly logs: string;
  /** Temporary folders of work in progress; what is in it outlives no process. */
  readonly scratch: string;
  /** Private signing keys, a file per identity; readable by the owner alone. */
  readonly keys: string;
  /** Public keys that the service trusts, a file per identity; its processes share it. */
  readonly trust: string;
}

/** Where things are in the data folder of a configuration. */
export const paths = (config: Pick<Config, 'data'>): Paths => ({
  version: join(config.data, 'version'),
  engineDatabase: join(config.data, 'engine', 'temporal.db'),
  artifacts: join(config.data, 'artifacts'),
  packages: join(config.data, 'packages'),
  logs: join(config.data, 'logs'),
  scratch: join(config.data, 'scratch'),
  keys: join(config.data, 'keys'),
  trust: join(config.data, 'trust'),
});
