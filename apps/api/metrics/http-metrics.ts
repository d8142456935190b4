import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';

/** Figures of one API process: how long requests take, and how long its event loop keeps others waiting. */
export class HttpMetrics {
  readonly registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });

  constructor() {
    const registers = [this.registry];
    this.#durations = new Histogram({
      name: 'heptad_http_request_duration_seconds',
      help: 'Time from a request to the end of its response, by method, route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    const delay = this.#delay;
    new Gauge({
      name: 'heptad_event_loop_delay_seconds',
      help: 'Delay of the event loop since the figures were read before, by quantile.',
      labelNames: ['quantile'],
      registers,
      collect() {
        for (const quantile of [0.5, 0.99, 1]) this.set({ quantile }, delay.percentile(quantile * 100) / 1e9);
        delay.reset();
      },
    });
    this.#delay.enable();
  }

  /** Measures each request from now on. A stream of events counts when it ends. */
  observe(server: Pick<FastifyInstance, 'addHook'>): void {
    server.addHook('onResponse', (request, reply, done) => {
      // The pattern, never the path: an id in a label would make a series of each run.
      const route = request.routeOptions.url ?? 'unknown';
      this.#durations.observe(
        { method: request.method, route, status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      done();
    });
  }

  stop(): void {
    this.#delay.disable();
  }
}
