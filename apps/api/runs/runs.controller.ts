import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  type Discoveries,
  discoveriesSchema,
  type ItemHistory,
  itemHistorySchema,
} from '../../../libs/contracts/item-history.js';
import { type Kpis, kpisSchema } from '../../../libs/contracts/kpis.js';
import { messageListSchema } from '../../../libs/contracts/message.js';
import { type RunProgress, runProgressSchema } from '../../../libs/contracts/progress.js';
import { type StartRun, startRunSchema } from '../../../libs/contracts/request.js';
import { rollbackPointsSchema } from '../../../libs/contracts/resumption.js';
import {
  type RunAccepted,
  type RunView,
  runAcceptedSchema,
  runArtifactsSchema,
  runListSchema,
  runViewSchema,
} from '../../../libs/contracts/run.js';
import { Dependencies } from '../dependencies.js';
import { toSchemaObject } from '../openapi/convert-schema.js';
import {
  acceptedExample,
  artifactExample,
  bySentence,
  byTemplate,
  discoveriesExample,
  itemHistoryExample,
  kpisExample,
  messageExample,
  pointExample,
  progressExample,
  streamExample,
  summaryExample,
  viewExample,
} from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';
import { acceptRun } from './accept-run.js';
import { listRollbackPoints } from './continue-run.js';
import { type VisibilityQuery, visibilityQuerySchema } from './discovery-viewer.js';
import { idempotencyKey } from './idempotency-key.js';
import { listArtifacts } from './list-artifacts.js';
import { listDiscoveries } from './list-discoveries.js';
import { listMessages } from './list-messages.js';
import { type ListQuery, listQuerySchema, pageOfRuns } from './page-of-runs.js';
import { itemIdSchema, runIdSchema } from './run-id-schema.js';
import { runKpis } from './run-kpis.js';
import { runProgress } from './run-progress.js';
import { streamEvents } from './stream-events.js';
import { viewItem } from './view-item.js';
import { viewRun } from './view-run.js';

const idParameter = ApiParam({ name: 'id', description: 'The id that the answer to POST /v1/runs gave' });

/** Starting runs, and reading them. */
@ApiTags('runs')
@Controller('v1/runs')
export class RunsController {
  constructor(private readonly dependencies: Dependencies) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Start a run',
    description:
      'A 202 is durable: the run completes whatever dies after it. Send the same again after a broken answer.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description: 'Names the run: the same key with the same body gives the same run, with another body 409',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  })
  @ApiBody({
    schema: toSchemaObject(startRunSchema, 'input'),
    examples: { template: { value: byTemplate }, sentence: { value: bySentence } },
  })
  @ApiAcceptedResponse({
    description: 'Accepted, durably',
    standardSchema: runAcceptedSchema,
    example: acceptedExample,
  })
  @Fails(
    'IdempotencyKeyMissing',
    'IdempotencyKeyReused',
    'InputInvalid',
    'JsonInvalid',
    'ContentTypeUnsupported',
    'BodyTooLarge',
    'RequestNotUnderstood',
    'TemplateUnknown',
    'SubjectInvalid',
    'SubjectNotAllowed',
    'SubjectUnknown',
    'ArchiveDeleted',
    'ArtifactUnknown',
    'ArtifactCorrupt',
    'EvidenceInvalid',
    'EngineUnreachable',
  )
  async start(
    @Body({ schema: startRunSchema }) body: StartRun,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RunAccepted> {
    return await acceptRun(this.dependencies, body, idempotencyKey(key));
  }

  @Get()
  @ApiOperation({
    summary: 'List runs',
    description: 'Open ones and those the engine keeps first, then sealed ones.',
  })
  @ApiOkResponse({
    description: 'A page; `next` is the cursor of the next one, or null',
    standardSchema: runListSchema,
    example: { runs: [summaryExample], next: null },
  })
  @Fails('InputInvalid', 'EngineUnreachable')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<z.infer<typeof runListSchema>> {
    return await pageOfRuns(this.dependencies, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run in full' })
  @idParameter
  @ApiOkResponse({ description: 'The run', standardSchema: runViewSchema, example: viewExample })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async show(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await viewRun(this.dependencies, id);
  }

  @Get(':id/artifacts')
  @ApiOperation({ summary: 'What a run has committed so far, by name' })
  @idParameter
  @ApiOkResponse({
    description: 'The artifacts; their bytes are at /v1/artifacts/{digest}',
    standardSchema: runArtifactsSchema,
    example: { artifacts: [artifactExample] },
  })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async artifacts(
    @Param('id', { schema: runIdSchema }) id: string,
  ): Promise<z.infer<typeof runArtifactsSchema>> {
    return { artifacts: await listArtifacts(this.dependencies, id) };
  }

  @Get(':id/messages')
  @ApiOperation({
    summary: 'What the items of a run said when they ended',
    description: 'Read from what has been written down: no worker is needed.',
  })
  @idParameter
  @ApiOkResponse({
    description: 'Each item that has ended once, in the order in which they ended',
    standardSchema: messageListSchema,
    example: { messages: [messageExample] },
  })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async messages(
    @Param('id', { schema: runIdSchema }) id: string,
  ): Promise<z.infer<typeof messageListSchema>> {
    return { messages: await listMessages(this.dependencies, id) };
  }

  @Get(':id/progress')
  @ApiOperation({
    summary: 'How far the work of a run is, and when it is expected to end',
    description: 'Estimated from the expected durations of the template, scaled by what has been measured.',
  })
  @idParameter
  @ApiOkResponse({
    description: 'As of now',
    standardSchema: runProgressSchema,
    example: progressExample,
  })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async progress(@Param('id', { schema: runIdSchema }) id: string): Promise<RunProgress> {
    return await runProgress(this.dependencies, id);
  }

  @Get(':id/kpis')
  @ApiOperation({
    summary: 'Figures of a run: durations, agents, quality',
    description: 'From histories, measurements and outcomes. What nobody measured is null.',
  })
  @idParameter
  @ApiOkResponse({ description: 'As of now', standardSchema: kpisSchema, example: kpisExample })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async kpis(@Param('id', { schema: runIdSchema }) id: string): Promise<Kpis> {
    return await runKpis(this.dependencies, id);
  }

  @Get(':id/discoveries')
  @ApiOperation({
    summary: 'What was discovered in a run, and what became of it',
    description:
      'The ledger, without what the asker may not see. While execute goes on a worker has to answer.',
  })
  @idParameter
  @ApiOkResponse({
    description: 'The discoveries, by their numbers',
    standardSchema: discoveriesSchema,
    example: discoveriesExample,
  })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async discoveries(
    @Param('id', { schema: runIdSchema }) id: string,
    @Query({ schema: visibilityQuerySchema }) query: VisibilityQuery,
  ): Promise<Discoveries> {
    return await listDiscoveries(this.dependencies, id, query);
  }

  @Get(':id/items/:item')
  @ApiOperation({
    summary: 'An item with what it came from and what it led to',
    description: 'Its executions and their attempts, inputs by digest, what it found, and who consumed that.',
  })
  @idParameter
  @ApiParam({ name: 'item', description: 'Id of the item' })
  @ApiOkResponse({ description: 'The item', standardSchema: itemHistorySchema, example: itemHistoryExample })
  @Fails('InputInvalid', 'RunUnknown', 'ItemUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async item(
    @Param('id', { schema: runIdSchema }) id: string,
    @Param('item', { schema: itemIdSchema }) item: string,
    @Query({ schema: visibilityQuerySchema }) query: VisibilityQuery,
  ): Promise<ItemHistory> {
    return await viewItem(this.dependencies, id, item, query);
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'The events of a run, as server-sent events',
    description:
      'From the start, or from after `Last-Event-ID`, which any process of the service understands: nothing is missing ' +
      'and nothing comes twice. The stream ends when the run and its seal have closed.',
  })
  @idParameter
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that was received',
  })
  @ApiOkResponse({
    description: 'Each event has an id, its kind as type, and as data a RunEvent in JSON',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: streamExample } },
  })
  @ApiResponse({ status: 204, description: 'The run has ended, and the client has every event of it' })
  @Fails('InputInvalid', 'RunUnknown', 'ArchiveDeleted', 'EngineUnreachable')
  async events(
    @Param('id', { schema: runIdSchema }) run: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await streamEvents({ dependencies: this.dependencies, run, lastEventId }, request, reply);
  }

  @Get(':id/rollback-points')
  @ApiOperation({
    summary: 'The states of a run that another one can start from',
    description:
      'The captured subject, what was done when each barrier was passed, and what was done when execute had ended; of a ' +
      'run that goes on, failed or was cancelled too.',
  })
  @idParameter
  @ApiOkResponse({
    description: 'The points, in the order in which they were reached',
    standardSchema: rollbackPointsSchema,
    example: { points: [pointExample] },
  })
  @Fails(
    'InputInvalid',
    'RunUnknown',
    'ArchiveDeleted',
    'ArtifactUnknown',
    'ArtifactCorrupt',
    'EngineUnreachable',
  )
  async rollbackPoints(
    @Param('id', { schema: runIdSchema }) id: string,
  ): Promise<z.infer<typeof rollbackPointsSchema>> {
    return { points: await listRollbackPoints(this.dependencies, id) };
  }
}
