import type { FastifyRequest } from 'fastify';
import { HeptadError } from '../../../libs/protocol/errors.js';

/**
 * Refuses what a page of some other site had a browser send, for browsers reach loopback too: by `Host` a name that
 * was made to point here, by `Origin` a page from elsewhere.
 *
 * @param hosts names under which the service is reached beside loopback's, as `name` or `name:port`
 * @throws HeptadError `OriginRefused`
 */
export function checkSource(request: FastifyRequest, hosts: readonly string[]): void {
  const port = request.raw.socket.localPort;
  const served = new Set([
    ...['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${port}`),
    ...hosts.map((host) => (hasPort(host) ? host : `${host}:${port}`)).map((host) => host.toLowerCase()),
  ]);
  const { host, origin } = request.headers;
  if (host === undefined || !served.has(withPort(host.toLowerCase(), 80)))
    throw new HeptadError(
      'OriginRefused',
      `The service is not reached as ${JSON.stringify(host ?? '')}. Name further hosts by HEPTAD_API_ALLOWED_HOSTS.`,
    );
  if (origin !== undefined && !isServed(origin, served))
    throw new HeptadError('OriginRefused', `Pages of ${JSON.stringify(origin)} may not use the service.`);
}

const hasPort = (host: string): boolean => /:\d+$/.test(host);

const withPort = (host: string, port: number): string => (hasPort(host) ? host : `${host}:${port}`);

function isServed(origin: string, served: ReadonlySet<string>): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return /^https?:$/.test(protocol) && served.has(withPort(host, protocol === 'https:' ? 443 : 80));
}
