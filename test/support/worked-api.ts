import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import type { WorkGraph } from '../../libs/contracts/graph.js';
import { workflowId } from '../../libs/protocol/names.js';
import type { Engine } from '../../libs/temporal/connect.js';
import { withWorkers } from '../workflows/support/workers.js';
import { type AllActivities, activityDoubles, agentItem, graphOf } from './activity-doubles.js';
import { TestApi } from './api.js';
import { engineServer } from './engine.js';
import { engineOf } from './engine-of.js';
import { storedDoubles } from './stored-doubles.js';

/** Two items, one after the other. */
export const workedGraph = graphOf(agentItem('look'), agentItem('mend', { after: ['look'] }));

/** What runs are started with. */
export const body = { template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } };

/** The same but for the subject. */
export const otherBody = { template: 'repository-review', input: { subject: 'npm:ejs@2.0.0' } };

/** The API over an engine of its own, whose runs are worked on while it is told to. */
export class WorkedApi {
  private constructor(
    readonly environment: TestWorkflowEnvironment,
    private readonly engine: Engine,
    readonly api: TestApi,
  ) {}

  static async start(): Promise<WorkedApi> {
    const environment = await engineServer();
    return new WorkedApi(environment, await engineOf(environment), await TestApi.start(environment));
  }

  /** Has workers while a test goes on; `graph` is what they execute. */
  working(
    replaced: Partial<AllActivities>,
    test: () => Promise<void>,
    graph: WorkGraph = workedGraph,
  ): Promise<void> {
    const stored = storedDoubles(this.api.config, this.engine, graph);
    return withWorkers(this.environment, activityDoubles(graph, { ...stored, ...replaced }).of, test);
  }

  handle(id: string) {
    return this.environment.client.workflow.getHandle(workflowId.run(id));
  }

  /** Starts a run. */
  async accepted(key: string): Promise<string> {
    const answer = await this.api.startRun(body, key);
    expect(answer.status).toBe(202);
    return answer.body.id;
  }

  /** Resolves once a run has its seal. */
  async sealed(id: string): Promise<void> {
    await vi.waitFor(async () => expect((await this.api.get(`/v1/runs/${id}`)).body.sealed).toBe(true), {
      timeout: 20_000,
    });
  }

  async remove(): Promise<void> {
    await this.api.remove();
    await this.engine.close();
    await this.environment.teardown();
  }
}

/** Ids of all runs that an API lists, page by page. */
export async function everyRun(of: TestApi, query = ''): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const params: URLSearchParams = new URLSearchParams(query);
    params.set('limit', '3');
    if (cursor !== null) params.set('cursor', cursor);
    const { body: page } = await of.get(`/v1/runs?${params}`);
    expect(page.runs.length).toBeLessThanOrEqual(3);
    ids.push(...page.runs.map(({ id }: { id: string }) => id));
    cursor = page.next;
  } while (cursor !== null);
  return ids;
}

export function activityFailure(code: string, message: string): () => Promise<never> {
  return async () => {
    const { ApplicationFailure } = await import('@temporalio/common');
    throw ApplicationFailure.nonRetryable(message, code, []);
  };
}
