import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ErrorCode, errors, HeptadError } from '../../../libs/protocol/errors.js';
import { problemOf } from '../problems/problem-of.js';

/** What any request can meet before it reaches its route, and what nobody foresaw. */
const everywhere: readonly ErrorCode[] = ['OriginRefused', 'RateLimited', 'Unauthorized', 'Unexpected'];

/** The errors of a route by status, each with an example, beside those that every route has. */
export function problemResponses(codes: readonly ErrorCode[]): ReadonlyMap<number, ProblemResponse> {
  return byStatus([...codes, ...everywhere]);
}

/** Documents the errors of a route. */
export const Fails = (...codes: readonly ErrorCode[]): MethodDecorator => documented(problemResponses(codes));

/** Documents the errors of a route that is answered to everyone: these alone. */
export const FailsOnly = (...codes: readonly ErrorCode[]): MethodDecorator => documented(byStatus(codes));

const documented = (responses: ReadonlyMap<number, ProblemResponse>): MethodDecorator =>
  applyDecorators(...[...responses].map(([status, response]) => ApiResponse({ status, ...response })));

function byStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, ProblemResponse> {
  const grouped = Map.groupBy([...new Set(codes)].sort(), (code) => errors[code].status);
  return new Map([...grouped].map(([status, same]) => [status, responseOf(same)]));
}

type ProblemResponse = ReturnType<typeof responseOf>;

const responseOf = (codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `${code}: ${errors[code].says}`).join(' '),
  ...(codes.includes('RateLimited')
    ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' as const } } } }
    : {}),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, { value: problemOf(new HeptadError(code)) }])),
    },
  },
});
