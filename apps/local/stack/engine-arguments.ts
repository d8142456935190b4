import type { Config } from '../../../libs/config/config.js';
import { paths } from '../../../libs/config/paths.js';

/** The arguments by which the local stack starts `temporal`. What differs from the defaults says why. */
export function engineArguments(config: Config): string[] {
  const { port, uiPort, namespace, synchronous } = config.temporal;
  const dynamic = {
    // With one history shard, each queue of it may poll 20 times a second by default: after a burst of about six
    // workflows every step would wait 50 ms, which makes a run ten times slower.
    'history.transferProcessorMaxPollRPS': '5000',
    'history.timerProcessorMaxPollRPS': '5000',
    // The same limit for the index: a run would show late in lists.
    'history.visibilityProcessorMaxPollRPS': '1000',
    // Partitions spread a queue over machines. On one they only make pollers miss tasks and forward them.
    'matching.numTaskqueueReadPartitions': '1',
    'matching.numTaskqueueWritePartitions': '1',
    // A killed worker's workflow task is given to another one after this time; by default 10 s. Shorter would cut
    // off the replay of a long history in a cold worker.
    'history.defaultWorkflowTaskTimeout': '"5s"',
    // Timers, and so pauses between attempts, are rounded up to this; by default 1 s.
    'history.timerProcessorMaxTimeShift': '"20ms"',
    // Weights of fairness keys count only with this; off by default.
    'matching.enableFairness': 'true',
  };
  const pragmas = {
    // Readers do not wait for the writer. Without it a database in a file makes a third of the workflows per second.
    journal_mode: 'WAL',
    // FULL syncs each transaction, so that a loss of power loses nothing; NORMAL survives a killed process only.
    synchronous,
  };
  return [
    ...['server', 'start-dev'],
    // Reached from this machine alone: the development server has no authentication.
    ...['--ip', '127.0.0.1'],
    ...['--port', String(port)],
    ...['--ui-port', String(uiPort)],
    // The Web UI shows news from the network; a local stack asks nobody.
    '--ui-disable-news-fetch',
    ...['--namespace', namespace],
    // State in a file: runs in flight go on at the next start.
    ...['--db-filename', paths(config).engineDatabase],
    ...['--log-format', 'json'],
    ...['--log-level', 'warn'],
    // The person's own settings of the Temporal CLI are for their own servers.
    '--disable-config-file',
    '--disable-config-env',
    ...Object.entries(pragmas).flatMap(([key, value]) => ['--sqlite-pragma', `${key}=${value}`]),
    ...Object.entries(dynamic).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
}
