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
import { type StartRun, startRunSchema } from '../../../libs/contracts/request.js';
import {
  type RunAccepted,
  type RunView,
  runAcceptedSchema,
  runArtifactsSchema,
  runListSchema,
  runViewSchema,
} from '../../../libs/contracts/run.js';
import { type AdvanceItems, type DecideItem, decideItemSchema } from '../../../libs/contracts/steering.js';
import { type Waiver, waiverSchema } from '../../../libs/contracts/waiver.js';
import type { SteeringVerb } from '../../../libs/temporal/steer-run.js';
import { Dependencies } from '../dependencies.js';
import { toSchemaObject } from '../openapi/convert-schema.js';
import {
  acceptedExample,
  artifactExample,
  bySentence,
  byTemplate,
  decisionExample,
  discoveriesExample,
  itemHistoryExample,
  streamExample,
  summaryExample,
  viewExample,
  waiverExample,
} from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';
import { acceptRun } from './accept-run.js';
import { type VisibilityQuery, visibilityQuerySchema } from './discovery-viewer.js';
import { idempotencyKey } from './idempotency-key.js';
import { listArtifacts } from './list-artifacts.js';
import { listDiscoveries } from './list-discoveries.js';
import { type ListQuery, listQuerySchema, pageOfRuns } from './page-of-runs.js';
import { itemIdSchema, runIdSchema } from './run-id-schema.js';
import { steer } from './steer.js';
import { advance, decide } from './steer-items.js';
import { Steers } from './steers.js';
import { streamEvents } from './stream-events.js';
import { viewItem } from './view-item.js';
import { viewRun } from './view-run.js';
import { waive } from './waive.js';

const idParameter = ApiParam({ name: 'id', description: 'The id that the answer to POST /v1/runs gave' });

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

  @Post(':id/pause')
  @Steers('Pause a run', 'Nothing new starts; what runs finishes, and until then the state is `pausing`.')
  async pause(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.steer(id, 'pause');
  }

  @Post(':id/resume')
  @Steers('Resume a run that was paused')
  async resume(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.steer(id, 'resume');
  }

  @Post(':id/cancel')
  @Steers('Cancel a run', 'It still concludes: what was done is accounted for and sealed.')
  async cancel(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.steer(id, 'cancel');
  }

  @Post(':id/waivers')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Let a phase go on although a pass failed',
    description:
      'The body is signed by a person whose key is registered with the service, and names exactly what `awaits` of the ' +
      'run says. Sending the same again changes nothing.',
  })
  @idParameter
  @ApiBody({
    schema: toSchemaObject(waiverSchema, 'input'),
    examples: { waiver: { value: waiverExample } },
  })
  @ApiAcceptedResponse({
    description: 'The phase has taken it; the run as it is now',
    standardSchema: runViewSchema,
    example: viewExample,
  })
  @Fails(
    'InputInvalid',
    'JsonInvalid',
    'ContentTypeUnsupported',
    'BodyTooLarge',
    'RunUnknown',
    'RunClosed',
    'ArchiveDeleted',
    'NothingToWaive',
    'WaiverInvalid',
    'KeyListInvalid',
    'DependencyUnreachable',
    'EngineUnreachable',
  )
  async waive(
    @Param('id', { schema: runIdSchema }) id: string,
    @Body({ schema: waiverSchema }) waiver: Waiver,
  ): Promise<RunView> {
    await waive(this.dependencies, id, waiver);
    return await viewRun(this.dependencies, id);
  }

  @Post(':id/execute-next')
  @Steers(
    'Let the next item go on',
    'Of a run that was started with `stepwise`: the most urgent item that is ready.',
    false,
  )
  async executeNext(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.advance(id, 1);
  }

  @Post(':id/execute-parallel')
  @Steers('Let all items go on that are ready now', 'Of a run that was started with `stepwise`.', false)
  async executeParallel(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.advance(id, 'ready');
  }

  @Post(':id/execute')
  @Steers(
    'Let everything go on',
    'A run that was started with `stepwise` goes on like any other from now on.',
    false,
  )
  async execute(@Param('id', { schema: runIdSchema }) id: string): Promise<RunView> {
    return await this.advance(id, 'all');
  }

  @Post(':id/decisions')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Decide on an item',
    description:
      'Approve or reject a result that waits for review; have an item that waits for a person retried, recovered or ' +
      'failed; skip one that has not ended. Who decided and why stays with the run.',
  })
  @idParameter
  @ApiBody({
    schema: toSchemaObject(decideItemSchema, 'input'),
    examples: { approve: { value: decisionExample } },
  })
  @ApiAcceptedResponse({
    description: 'Taken; the run as it is now',
    standardSchema: runViewSchema,
    example: viewExample,
  })
  @Fails(
    'InputInvalid',
    'JsonInvalid',
    'ContentTypeUnsupported',
    'BodyTooLarge',
    'RunUnknown',
    'RunClosed',
    'ArchiveDeleted',
    'ItemUnknown',
    'NothingToDecide',
    'EngineUnreachable',
  )
  async decide(
    @Param('id', { schema: runIdSchema }) id: string,
    @Body({ schema: decideItemSchema }) decided: DecideItem,
  ): Promise<RunView> {
    await decide(this.dependencies, id, decided);
    return await viewRun(this.dependencies, id);
  }

  private async advance(id: string, items: AdvanceItems['items']): Promise<RunView> {
    await advance(this.dependencies, id, { items });
    return await viewRun(this.dependencies, id);
  }

  private async steer(id: string, verb: SteeringVerb): Promise<RunView> {
    await steer(this.dependencies, id, verb);
    return await viewRun(this.dependencies, id);
  }
}
