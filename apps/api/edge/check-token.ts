import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HeptadError } from '../../../libs/protocol/errors.js';

/**
 * Demands the token as `Authorization: Bearer …`. Hashes are compared, so that neither content nor length shows in
 * the time that it takes.
 *
 * @throws HeptadError `Unauthorized`
 */
export function checkToken(request: FastifyRequest, token: string): void {
  const [, given] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given === undefined || !timingSafeEqual(hashOf(given), hashOf(token)))
    throw new HeptadError('Unauthorized', 'Send the token of the service as `Authorization: Bearer TOKEN`.');
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
