import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { z } from 'zod';
import { runAcceptedSchema } from '../../../libs/contracts/run.js';
import type { ErrorCode } from '../../../libs/protocol/errors.js';
import { toSchemaObject } from '../openapi/convert-schema.js';
import { acceptedExample } from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';

interface GoesOnOptions {
  readonly summary: string;
  readonly description: string;
  /** Left out: the route takes no body. */
  readonly body?: { readonly schema: z.ZodType; readonly example: object };
  /** What is wrong where there is nothing to go on from. */
  readonly code: ErrorCode;
}

/** A route that starts a run from what another one committed: answered as the start of any run is. */
export const GoesOn = ({ summary, description, body, code }: GoesOnOptions): MethodDecorator =>
  applyDecorators(
    HttpCode(202),
    ApiOperation({ summary, description }),
    ApiParam({ name: 'id', description: 'The id of the run to go on from' }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Names the new run, as it does for POST /v1/runs',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ...(body
      ? [
          ApiBody({
            schema: toSchemaObject(body.schema, 'input'),
            examples: { example: { value: body.example } },
          }),
        ]
      : []),
    ApiAcceptedResponse({
      description: 'Accepted, durably: the new run',
      standardSchema: runAcceptedSchema,
      example: acceptedExample,
    }),
    Fails(
      'ArchiveDeleted',
      'ArtifactCorrupt',
      'ArtifactUnknown',
      'BodyTooLarge',
      'ContentTypeUnsupported',
      'EngineUnreachable',
      'EvidenceInvalid',
      'IdempotencyKeyMissing',
      'IdempotencyKeyReused',
      'InputInvalid',
      'JsonInvalid',
      'RunOpen',
      'RunUnknown',
      'TemplateUnknown',
      code,
    ),
  );
