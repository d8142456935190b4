import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Logger } from '../../../libs/telemetry/logger.js';
import { knownError, problemOf } from './problem-of.js';

/** Answers every error as application/problem+json; what was not foreseen is logged, and told without its insides. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = knownError(thrown) ?? new HeptadError('Unexpected', 'Something failed inside the service.');
    const problem = problemOf(error);
    if (problem.status >= 500)
      this.logger.error(
        { err: thrown, code: error.code, method: request.method, path: pathOf(request) },
        error.message,
      );
    if (reply.sent) return;
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** The path alone: a query may hold what does not belong in a log. */
const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '';
