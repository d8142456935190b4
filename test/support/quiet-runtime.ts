import { DefaultLogger, Runtime } from '@temporalio/worker';

let quiet = false;

/** Temporal's SDK says a line at each turn of a worker; tests want to hear of errors only. */
export function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    shutdownSignals: [],
  });
}
