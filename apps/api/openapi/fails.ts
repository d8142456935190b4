import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ErrorCode, errors, HeptadError } from '../../../libs/protocol/errors.js';
import { problemOf } from '../problems/problem-of.js';

/** What any request can meet before it reaches its route, and what nobody foresaw. */
const everywhere: readonly ErrorCode[] = ['OriginRefused', 'RateLimited', 'Unauthorized', 'Unexpected'];

/** Documents the errors of a route, each with an example, beside those that every route has. */
export function Fails(...codes: readonly ErrorCode[]): MethodDecorator {
  const byStatus = Map.groupBy([...new Set([...codes, ...everywhere])].sort(), (code) => errors[code].status);
  return applyDecorators(
    ...[...byStatus].map(([status, same]) =>
      ApiResponse({
        status,
        description: same.map((code) => `${code}: ${errors[code].says}`).join(' '),
        ...(same.includes('RateLimited')
          ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } }
          : {}),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(
              same.map((code) => [code, { value: problemOf(new HeptadError(code)) }]),
            ),
          },
        },
      }),
    ),
  );
}
