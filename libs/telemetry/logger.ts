import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../config/config.js';
import { paths } from '../config/paths.js';
import { runOfWorkflowId } from '../protocol/names.js';

export type { Logger } from 'pino';

/** Fields whose values never reach a log file, wherever an object that is logged carries them. */
const secrets = ['token', 'authorization', 'password', 'secret', 'privateKey', 'cookie'];

/** Where the log of a process is: JSON lines, one file per name. */
export const logFile = (config: Pick<Config, 'data'>, name: string): string =>
  join(paths(config).logs, `${name}.log`);

/**
 * The log of a process, as JSON lines in `logs/NAME.log` of the data folder. What belongs to a run is logged by
 * `logger.child({ run })` or with a field `run`, so that `heptad logs RUN` finds it. Values of fields that are named
 * like secrets are replaced.
 */
export function createLogger({
  name,
  config,
}: {
  readonly name: string;
  readonly config: Pick<Config, 'data' | 'logLevel'>;
}): Logger {
  mkdirSync(paths(config).logs, { recursive: true });
  return pino(
    {
      name,
      level: config.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secrets.flatMap((secret) => [secret, `*.${secret}`, `*.*.${secret}`]),
        censor: '[redacted]',
      },
    },
    // Lines are written as they come: a process that is killed keeps what it said.
    destination({ dest: logFile(config, name), append: true, sync: true }),
  );
}

/**
 * The logger that Temporal's runtime, workers and clients want, writing to ours. An entry that names a workflow of a
 * run gets the field `run`.
 */
export function temporalLogger(logger: Logger): TemporalLogger {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const { error, ...fields } = meta;
    const run = typeof fields.workflowId === 'string' ? runOfWorkflowId(fields.workflowId) : undefined;
    // What comes from Rust carries times as bigint, which JSON has no form for.
    const plain = Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? String(value) : value,
    ]);
    const named = { ...(run === undefined ? {} : { run }), ...(error === undefined ? {} : { err: error }) };
    logger[levels[level]]({ ...Object.fromEntries(plain), ...named }, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
