import { isIPv6 } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { checkSource } from './check-source.js';
import { checkToken } from './check-token.js';

/** Largest body of a request, in bytes. */
export const bodyLimit = 1024 * 1024;

/** What probes ask, from whatever address and by whatever name they reach the service. It tells nothing of runs. */
const probes = new Set(['/healthz', '/readyz']);

/**
 * Puts the checks before every route, those that do not exist included, and before any body is read: who sends it,
 * how often, and with which token.
 */
export async function guardEdge(app: NestFastifyApplication, { api }: Pick<Config, 'api'>): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  await app.register(rateLimit, { global: false });
  const hosts = [isIPv6(api.host) ? `[${api.host}]` : api.host, ...api.allowedHosts];
  const limited = server.createRateLimit({ max: api.rateLimit, timeWindow: '1 minute' });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    if (probes.has(request.url.split('?')[0] ?? '')) return;
    checkSource(request, hosts);
    const limit = await limited(request);
    if (!limit.isAllowed && limit.isExceeded) {
      reply.header('retry-after', String(limit.ttlInSeconds));
      throw new HeptadError(
        'RateLimited',
        `More than ${limit.max} requests in a minute; try again in ${limit.ttlInSeconds} s.`,
      );
    }
    if (api.token !== undefined) checkToken(request, api.token);
  });
  // Only JSON is parsed: what a form of some page can send without asking (text, urlencoded) has no parser.
  server.removeContentTypeParser('text/plain');
}
