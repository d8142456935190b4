import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';

/** Milliseconds between two samples of the event loop; what is sampled includes them. */
const resolution = 10;

/** Figures of one API process: how long requests take, and how long its event loop keeps others waiting. */
export class HttpMetrics {
  readonly registry = new Registry();
  /** Streams of events that are open. */
  readonly streams: Gauge;
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #delay = monitorEventLoopDelay({ resolution });

  constructor() {
    const registers = [this.registry];
    this.#durations = new Histogram({
      name: 'heptad_http_request_duration_seconds',
      help: 'Time from a request to the end of its response, by method, route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.streams = new Gauge({ name: 'heptad_event_streams', help: 'Open streams of events.', registers });
    const delay = this.#delay;
    new Gauge({
      name: 'heptad_event_loop_delay_seconds',
      help: 'Delay of the event loop since the figures were read before, by quantile.',
      labelNames: ['quantile'],
      registers,
      collect() {
        for (const quantile of [0.5, 0.99, 1])
          this.set({ quantile }, Math.max(0, delay.percentile(quantile * 100) / 1e6 - resolution) / 1000);
        delay.reset();
      },
    });
    this.#delay.enable();
  }

  /** Measures each request from now on, those that are broken off included. */
  observe(server: Pick<FastifyInstance, 'addHook'>): void {
    server.addHook('onRequest', (request, reply, done) => {
      const started = performance.now();
      reply.raw.once('close', () => {
        // The pattern, never the path: an id in a label would make a series of each run.
        const route = request.routeOptions.url ?? 'unknown';
        const labels = { method: request.method, route, status: reply.raw.statusCode };
        this.#durations.observe(labels, (performance.now() - started) / 1000);
      });
      done();
    });
  }

  stop(): void {
    this.#delay.disable();
  }
}
