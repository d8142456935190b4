import { Body, Controller, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type Rerun,
  type Rollback,
  rerunSchema,
  rollbackSchema,
} from '../../../libs/contracts/resumption.js';
import type { RunAccepted, RunView } from '../../../libs/contracts/run.js';
import { type AdvanceItems, type DecideItem, decideItemSchema } from '../../../libs/contracts/steering.js';
import { type Waiver, waiverSchema } from '../../../libs/contracts/waiver.js';
import type { SteeringVerb } from '../../../libs/temporal/steer-run.js';
import { Dependencies } from '../dependencies.js';
import { decisionExample, pointExample, waiverExample } from '../openapi/examples.js';
import { continueRun, rerun, rollBack } from './continue-run.js';
import { Decides } from './decides.js';
import { type LabelQuery, labelQuerySchema } from './discovery-viewer.js';
import { GoesOn } from './goes-on.js';
import { idempotencyKey } from './idempotency-key.js';
import { runIdSchema } from './run-id-schema.js';
import { steer } from './steer.js';
import { advance, decide } from './steer-items.js';
import { Steers } from './steers.js';
import { viewRun } from './view-run.js';
import { waive } from './waive.js';

/** What is asked of a run that there is: to go on otherwise, or that another one goes on from it. */
@ApiTags('runs')
@Controller('v1/runs')
export class RunsSteeringController {
  constructor(private readonly dependencies: Dependencies) {}

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

  @Post(':id/rollback')
  @GoesOn({
    summary: 'Start a run from a rollback point',
    description:
      'The run has ended. Every byte that the state names is read and hashed first. What was done by then is not done again.',
    body: { schema: rollbackSchema, example: { point: pointExample.id } },
    code: 'PointUnknown',
  })
  async rollback(
    @Param('id', { schema: runIdSchema }) id: string,
    @Body({ schema: rollbackSchema }) body: Rollback,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RunAccepted> {
    return await rollBack(this.dependencies, id, body, idempotencyKey(key));
  }

  @Post(':id/rerun')
  @GoesOn({
    summary: 'Start a run that does an item again',
    description:
      'The run has ended. The item is done again, and all that depends on it; other results are taken over, verified first.',
    body: { schema: rerunSchema, example: { item: 'improve-a' } },
    code: 'ItemUnknown',
  })
  async rerun(
    @Param('id', { schema: runIdSchema }) id: string,
    @Body({ schema: rerunSchema }) { item }: Rerun,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RunAccepted> {
    return await rerun(this.dependencies, id, item, idempotencyKey(key));
  }

  @Post(':id/continue')
  @GoesOn({
    summary: 'Start a run that does what a run left',
    description:
      'The run has ended. What was found and left as a follow-up is done, on the workspace that was handed back last. What ' +
      'the asker may not see is not handed on.',
    code: 'NothingToContinue',
  })
  async continue(
    @Param('id', { schema: runIdSchema }) id: string,
    @Query({ schema: labelQuerySchema }) query: LabelQuery,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RunAccepted> {
    return await continueRun(this.dependencies, id, query, idempotencyKey(key));
  }

  @Post(':id/waivers')
  @Decides({
    summary: 'Let a phase go on although a pass failed',
    description:
      'The body is signed by a person whose key is registered with the service, and names exactly what `awaits` of the ' +
      'run says. Sending the same again changes nothing.',
    body: { schema: waiverSchema, examples: { waiver: waiverExample } },
    answer: 'The phase has taken it; the run as it is now',
    codes: ['NothingToWaive', 'WaiverInvalid', 'KeyListInvalid', 'DependencyUnreachable'],
  })
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
  @Decides({
    summary: 'Decide on an item',
    description:
      'Approve or reject a result that waits for review; have an item that waits for a person retried, recovered or ' +
      'failed; skip one that has not ended. Who decided and why stays with the run.',
    body: { schema: decideItemSchema, examples: { approve: decisionExample } },
    answer: 'Taken; the run as it is now',
    codes: ['ItemUnknown', 'NothingToDecide'],
  })
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
