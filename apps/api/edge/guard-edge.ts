import { isIPv6 } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Config } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { largestTemplate } from '../../../libs/templates/check/read-text.js';
import { checkSource } from './check-source.js';
import { checkToken } from './check-token.js';

/** Largest body of a request, in bytes. */
export const bodyLimit = 1024 * 1024;

/** Largest body with the text of a template, in bytes: the largest one, and what JSON adds to it. */
const templateBodyLimit = largestTemplate + largestTemplate / 4;

/**
 * Puts the checks before every route, those that do not exist included, and before any body is read: who sends it,
 * how often, and with which token. Probes tell nothing of runs, so they are answered from whatever address and by
 * whatever name they reach the service.
 */
export async function guardEdge(app: NestFastifyApplication, { api }: Pick<Config, 'api'>): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  await app.register(rateLimit, { global: false });
  const hosts = [isIPv6(api.host) ? `[${api.host}]` : api.host, ...api.allowedHosts];
  const limiter = () => server.createRateLimit({ max: api.rateLimit, timeWindow: '1 minute' });
  const limited = limiter();
  // One of its own: who probes leaves a client its requests, and no client makes the service look unready.
  const limitedProbes = limiter();
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const [path] = request.url.split('?');
    if (path === '/healthz') return;
    // It asks the engine and writes to disk, which nobody may have it do without end.
    if (path === '/readyz') return checkRate(reply, await limitedProbes(request));
    checkSource(request, hosts);
    checkRate(reply, await limited(request));
    if (api.token !== undefined) checkToken(request, api.token);
  });
  server.addHook('onRoute', (route) => {
    if (route.method === 'POST' && route.url.startsWith('/v1/templates')) route.bodyLimit = templateBodyLimit;
  });
  // Only JSON is parsed: what a form of some page can send without asking (text, urlencoded) has no parser.
  server.removeContentTypeParser('text/plain');
}

type Limit = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

/** @throws HeptadError `RateLimited`; `Retry-After` says when to come back */
function checkRate(reply: FastifyReply, limit: Limit): void {
  if (limit.isAllowed || !limit.isExceeded) return;
  reply.header('retry-after', String(limit.ttlInSeconds));
  throw new HeptadError(
    'RateLimited',
    `More than ${limit.max} requests in a minute; try again in ${limit.ttlInSeconds} s.`,
  );
}
