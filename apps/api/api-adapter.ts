import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeptadError } from '../../libs/protocol/errors.js';
import { bodyLimit } from './edge/guard-edge.js';
import { knownError, problemOf } from './problems/problem-of.js';

/** Fastify for Nest. What Fastify throws keeps its code, by which it is told apart; Nest would keep the status only. */
export class ApiAdapter extends FastifyAdapter {
  constructor() {
    super({
      bodyLimit,
      trustProxy: false,
      routerOptions: { maxParamLength: 200 },
      frameworkErrors: answerUnrouted,
    });
  }

  override mapException(error: unknown): unknown {
    return error;
  }
}

/** Answers what Fastify refuses before it has a route, such as an address that cannot be decoded. */
function answerUnrouted(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(
    knownError(error) ?? new HeptadError('Unexpected', 'The request could not be routed.'),
  );
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
