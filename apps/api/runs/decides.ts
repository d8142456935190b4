import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { z } from 'zod';
import { runViewSchema } from '../../../libs/contracts/run.js';
import type { ErrorCode } from '../../../libs/protocol/errors.js';
import { toSchemaObject } from '../openapi/convert-schema.js';
import { viewExample } from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';

interface DecidesOptions {
  readonly summary: string;
  readonly description: string;
  readonly body: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, object>> };
  /** What the answer says has happened. */
  readonly answer: string;
  /** What can be wrong beside what any decision on a run can meet. */
  readonly codes: readonly ErrorCode[];
}

/** A route that takes what a person decided: answered when it is taken, with the run as it is then. */
export const Decides = ({ summary, description, body, answer, codes }: DecidesOptions): MethodDecorator =>
  applyDecorators(
    HttpCode(202),
    ApiOperation({ summary, description }),
    ApiParam({ name: 'id', description: 'The id that the answer to POST /v1/runs gave' }),
    ApiBody({
      schema: toSchemaObject(body.schema, 'input'),
      examples: Object.fromEntries(Object.entries(body.examples).map(([name, value]) => [name, { value }])),
    }),
    ApiAcceptedResponse({ description: answer, standardSchema: runViewSchema, example: viewExample }),
    Fails(
      'InputInvalid',
      'JsonInvalid',
      'ContentTypeUnsupported',
      'BodyTooLarge',
      'RunUnknown',
      'RunClosed',
      'ArchiveDeleted',
      'EngineUnreachable',
      ...codes,
    ),
  );
