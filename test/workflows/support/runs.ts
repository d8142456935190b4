import { CancelledFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkGraph } from '../../../libs/contracts/graph.js';
import type { RunRequest } from '../../../libs/contracts/request.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { type AllActivities, type Asked, activityDoubles, refTo } from '../../support/activity-doubles.js';
import { engineServer } from '../../support/engine.js';
import { timeSkippingServer } from '../../support/time-skipping.js';
import { withWorkers } from './workers.js';

export type RunHandle = WorkflowHandle;

/** Runs on a server of their own, one after another, with doubles for the activities. */
export class Runs {
  private count = 0;
  /** How long the next runs wait for a person where a pass failed. */
  waiverWindowMs = 0;
  /** Whether the next runs start no item before somebody lets them. */
  stepwise = false;

  private constructor(readonly environment: TestWorkflowEnvironment) {}

  /** @param server `time-skipping`, or the `engine` itself, which pages histories and bounds messages as in production */
  static async open(server: 'time-skipping' | 'engine' = 'time-skipping'): Promise<Runs> {
    return new Runs(await (server === 'engine' ? engineServer() : timeSkippingServer()));
  }

  /** How many runs were started; the last one is `run-r{started}`. */
  get started(): number {
    return this.count;
  }

  async close(): Promise<void> {
    await this.environment.teardown();
  }

  handle(id: string): RunHandle {
    return this.environment.client.workflow.getHandle(id);
  }

  /** Starts a run, follows it, and says what the doubles were asked. */
  async start(
    graph: WorkGraph,
    replaced: Partial<AllActivities>,
    follow: (run: RunHandle) => Promise<void>,
  ): Promise<Asked> {
    this.count += 1;
    const request: RunRequest = {
      run: `r${this.count}`,
      tenant: 'local',
      request: refTo('request'),
      waiverWindowMs: this.waiverWindowMs,
      ...(this.stepwise ? { stepwise: true } : {}),
    };
    const id = workflowId.run(request.run);
    const doubles = activityDoubles(graph, replaced);
    const followed = async (): Promise<void> => {
      const { workflow } = this.environment.client;
      await workflow.start('run', { taskQueue: 'control', workflowId: id, args: [request] });
      await follow(this.handle(id));
    };
    await withWorkers(this.environment, doubles.of, followed);
    return doubles.asked;
  }
}

/** The code by which a run ended; undefined where it completed. */
export async function codeOf(ending: Promise<unknown>): Promise<string | null | undefined> {
  const error = await ending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof WorkflowFailedError ? error.cause : error;
  if (cause instanceof CancelledFailure) return 'Cancelled';
  if (cause instanceof ApplicationFailure) return cause.type;
  if (error) throw error;
  return undefined;
}
