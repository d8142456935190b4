import 'reflect-metadata';
import { isIPv6 } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { Config } from '../../libs/config/config.js';
import { isLoopback } from '../../libs/config/environment-schema.js';
import { openDataFolder } from '../../libs/config/open-data-folder.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { createLogger } from '../../libs/telemetry/logger.js';
import { connectLazily } from '../../libs/temporal/connect.js';
import { apiModule } from './api.module.js';
import { ApiAdapter } from './api-adapter.js';
import { Dependencies } from './dependencies.js';
import { guardEdge } from './edge/guard-edge.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocument } from './openapi/serve-document.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { SchemaPipe } from './problems/schema.pipe.js';

export interface RunningApi {
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends open streams, answers what is being asked, closes its connections. */
  stop(): Promise<void>;
}

/**
 * Starts the API. It needs no engine to start: until one answers, `/readyz` says so and runs are refused with
 * `EngineUnreachable`.
 *
 * @throws HeptadError `PortInUse` another program listens there
 * @throws HeptadError `ConfigurationInvalid` others can reach it, and no token is configured
 */
export async function startApi(config: Config): Promise<RunningApi> {
  if (!isLoopback(config.api.host) && config.api.token === undefined)
    throw new HeptadError(
      'ConfigurationInvalid',
      `The API would listen on ${config.api.host}, which other machines can reach. Set a token by HEPTAD_API_TOKEN.`,
    );
  const { artifacts } = await openDataFolder(config);
  const logger = createLogger({ name: 'api', config });
  const engine = connectLazily(config);
  const metrics = new HttpMetrics();
  const dependencies = new Dependencies(config, engine, openStore(artifacts), logger, metrics);
  const app = await NestFactory.create<NestFastifyApplication>(apiModule(dependencies), new ApiAdapter(), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const stop = async (): Promise<void> => {
    dependencies.stopping.abort();
    await app.close();
    metrics.stop();
    await engine.close();
  };
  try {
    app.useGlobalPipes(new SchemaPipe());
    app.useGlobalFilters(new ProblemFilter(logger));
    metrics.observe(app.getHttpAdapter().getInstance());
    await guardEdge(app, config);
    serveDocument(app);
    await app.listen({ host: config.api.host, port: config.api.port });
  } catch (error) {
    await stop();
    throw startFailure(error, config);
  }
  const url = urlOf(app, config.api.host);
  logger.info({ url }, 'API answers.');
  return { url, stop };
}

/** Where it can be asked from this machine: an address that is only listened on is reached by loopback. */
function urlOf(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : undefined;
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}

function startFailure(error: unknown, { api }: Config): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new HeptadError(
    'PortInUse',
    `The API cannot listen on ${api.host}:${api.port}: another program does. Stop it, or set HEPTAD_API_PORT.`,
    { cause: error },
  );
}
