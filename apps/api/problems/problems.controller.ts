import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from '../../../libs/contracts/problem.js';
import { errors, HeptadError, isErrorCode } from '../../../libs/protocol/errors.js';
import { Fails } from '../openapi/fails.js';
import { problemOf } from './problem-of.js';

/** What is the same in every problem document with a code, and whether the same request may succeed later. */
const problemKindSchema = problemSchema
  .pick({ type: true, title: true, status: true, code: true })
  .extend({ retryable: z.boolean() });
type ProblemKind = z.infer<typeof problemKindSchema>;

const example: ProblemKind = kindOf('RunUnknown');

/** What the `type` of a problem document points at. */
@ApiTags('operation')
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @ApiOperation({ summary: 'What an error means, by its code' })
  @ApiParam({ name: 'code', description: 'The code of a problem document', schema: { type: 'string' } })
  @ApiOkResponse({
    description: 'What the table of errors says of it',
    standardSchema: problemKindSchema,
    example,
  })
  @Fails('RouteUnknown')
  show(@Param('code') code: string): ProblemKind {
    return kindOf(code);
  }
}

/** @throws HeptadError `RouteUnknown` the table has no such code */
function kindOf(code: string): ProblemKind {
  if (!isErrorCode(code))
    throw new HeptadError('RouteUnknown', `No error has the code ${JSON.stringify(code)}.`);
  const { type, title, status } = problemOf(new HeptadError(code));
  return { type, title, status, code, retryable: errors[code].retryable };
}
