import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, register } from 'prom-client';
import type { BreakerState } from './circuit-breakers.js';

const transitions = new Counter({
  name: 'heptad_breaker_transitions_total',
  help: 'Transitions of circuit breakers, by dependency and new state.',
  labelNames: ['dependency', 'state'] as const,
});

export function breakerTransition(dependency: string, state: BreakerState): void {
  transitions.inc({ dependency, state });
}

/** Serves the process's metrics on loopback, the event loop's delay among them. Without a port it serves nothing. */
export async function serveMetrics(port: number | undefined): Promise<{ close(): void }> {
  if (port === undefined) return { close: () => undefined };
  collectDefaultMetrics();
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', register.contentType);
    response.end(await register.metrics());
  });
  await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
  return { close: () => server.close() };
}
