import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { runViewSchema } from '../../../libs/contracts/run.js';
import { viewExample } from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';

/** A route that steers a run: answered when the wish is durable, with the run as it is then. */
export const Steers = (summary: string, description = '', idempotent = true): MethodDecorator =>
  applyDecorators(
    HttpCode(202),
    ApiOperation({
      summary,
      description: `${description}${idempotent ? ' Asking again changes nothing.' : ''}`.trim(),
    }),
    ApiParam({ name: 'id', description: 'The id of the run' }),
    ApiAcceptedResponse({
      description: 'Asked for, durably; the run as it is now',
      standardSchema: runViewSchema,
      example: viewExample,
    }),
    Fails(
      'InputInvalid',
      'ContentTypeUnsupported',
      'RunUnknown',
      'RunClosed',
      'ArchiveDeleted',
      'EngineUnreachable',
      ...(idempotent ? [] : (['NothingToDecide'] as const)),
    ),
  );
