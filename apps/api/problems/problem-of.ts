import { HttpException } from '@nestjs/common';
import type { ProblemDocument } from '../../../libs/contracts/problem.js';
import { errors, HeptadError, type Problem } from '../../../libs/protocol/errors.js';

/** Where the codes are described; relative, because the service does not know by which name it is reached. */
const typeOf = (code: string): string => `/problems/${code}`;

/** An error as the document that is sent. What was not foreseen is told without what is inside. */
export function problemOf(error: HeptadError): ProblemDocument {
  const { status, says } = errors[error.code];
  return {
    type: typeOf(error.code),
    title: says,
    status,
    detail: error.message,
    code: error.code,
    problems: error.problems.map(({ path, reason }) => ({ path, reason })),
  };
}

/** The error of the table for whatever was thrown; undefined where it was not foreseen. */
export function knownError(thrown: unknown): HeptadError | undefined {
  if (thrown instanceof HeptadError) return thrown;
  if (thrown instanceof HttpException) return thrown.getStatus() === 404 ? routeUnknown() : undefined;
  if (!(thrown instanceof Error)) return undefined;
  switch ('code' in thrown ? thrown.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HeptadError('BodyTooLarge');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new HeptadError('ContentTypeUnsupported');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return jsonInvalid('The body is empty.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return jsonInvalid('The body is not JSON, or has a property __proto__.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return jsonInvalid('The body is not as long as Content-Length says.');
    case 'FST_ERR_BAD_URL':
      return routeUnknown();
    default:
      return undefined;
  }
}

/** The error for a value that a schema refused. */
export const inputInvalid = (problems: readonly Problem[]): HeptadError =>
  new HeptadError(
    'InputInvalid',
    `The request does not match what is expected: ${problems
      .slice(0, 3)
      .map(({ path, reason }) => `${path}: ${reason}`)
      .join('; ')}`,
    { problems },
  );

const routeUnknown = (): HeptadError =>
  new HeptadError('RouteUnknown', 'There is no such route. /openapi.json lists those that there are.');

const jsonInvalid = (reason: string): HeptadError => new HeptadError('JsonInvalid', reason);
