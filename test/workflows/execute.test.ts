import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentItem } from '../../libs/contracts/activities.js';
import type { ItemResult, ItemView } from '../../libs/contracts/graph.js';
import { queryName } from '../../libs/protocol/messages.js';
import { type AllActivities, agentItem, graphOf, refTo, resultOf } from '../support/activity-doubles.js';
import { codeOf, type RunHandle, Runs } from './support/runs.js';

describe('the phase execute', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open();
  });
  afterAll(async () => runs?.close());

  const executeOf = (run: RunHandle): RunHandle => runs.handle(`${run.workflowId}/3-execute`);

  /** Ids of the activities that a workflow, all runs of its chain together, has started. */
  async function activityIds(workflowId: string, chain: readonly string[]): Promise<string[]> {
    const histories = chain.map((runId) =>
      runs.environment.client.workflow.getHandle(workflowId, runId).fetchHistory(),
    );
    return (await Promise.all(histories)).flatMap(({ events }) =>
      (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? []),
    );
  }

  test('names each activity by its item and how often it was tried', async () => {
    const graph = graphOf(
      agentItem('look'),
      agentItem('join', { kind: 'consolidation', agents: [], after: ['look'] }),
      agentItem('gate', { kind: 'checkpoint', agents: [], after: ['join'] }),
    );
    await runs.start(graph, {}, async (run) => {
      await run.result();
      const { events } = await executeOf(run).fetchHistory();
      const ids = (events ?? []).flatMap(
        (event) => event.activityTaskScheduledEventAttributes?.activityId ?? [],
      );
      expect(ids.slice(0, 4)).toEqual(['look.1', 'join.1', 'gate.1', 'pass-A.1']);
    });
  });

  test('starts only what an earlier run has not done, and builds on what that did', async () => {
    const workspace = { digest: refTo('changed').digest, files: 1, bytes: 2 };
    const look = agentItem('look');
    const mend = agentItem('mend', { after: ['look'] });
    const graph = graphOf(look, mend, agentItem('test', { after: ['mend'], workspace: 'mend' }));
    const reused = [resultOf(look), resultOf(mend, { workspace })].map((result) => ({
      ...result,
      reusedFrom: 'r0',
    }));
    const seen: AgentItem[] = [];
    let collected: readonly ItemResult[] = [];
    await runs.start(
      graph,
      {
        planWork: async () => ({ outcome: refTo('planned'), summary: 'planned', facts: { graph, reused } }),
        runAgent: async (task) => {
          seen.push(task);
          return resultOf(task.item);
        },
        collectItems: async ({ results }) => {
          collected = results;
          return { outcome: refTo('executed'), summary: 'executed', facts: null };
        },
      },
      async (run) => {
        await run.result();
      },
    );
    expect(seen.map(({ item, workspace: given, inputs }) => [item.id, given, inputs])).toEqual([
      ['test', workspace, { mend: refTo('outcome of mend') }],
    ]);
    expect(collected.map(({ item, reusedFrom }) => [item, reusedFrom])).toEqual([
      ['look', 'r0'],
      ['mend', 'r0'],
      ['test', undefined],
    ]);
  });

  test('gives an item the outcomes and the workspace of those that it builds on', async () => {
    const workspace = { digest: refTo('changed').digest, files: 1, bytes: 2 };
    const seen: AgentItem[] = [];
    const graph = graphOf(agentItem('mend'), agentItem('test', { after: ['mend'], workspace: 'mend' }));
    const runAgent: AllActivities['runAgent'] = async (task) => {
      seen.push(task);
      return resultOf(task.item, { workspace });
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await run.result();
    });
    expect(seen.map(({ workspace: given, inputs }) => [given, Object.keys(inputs)])).toEqual([
      [null, []],
      [workspace, ['mend']],
    ]);
  });

  test('goes on with the backup agent when the first one fails', async () => {
    const item = agentItem('look', {
      agents: ['first', 'second'].map((id) => ({ id, manifest: refTo(id).digest })),
    });
    const used: string[] = [];
    const runAgent: AllActivities['runAgent'] = async ({ item: asked, agent }) => {
      used.push(agent.id);
      if (agent.id === 'first')
        throw ApplicationFailure.nonRetryable('It ended without an answer.', 'AgentFailed');
      return resultOf(asked);
    };
    await runs.start(graphOf(item), { runAgent }, async (run) => {
      await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED' });
      expect((await executeOf(run).query<ItemView[]>(queryName.items))[0]).toMatchObject({
        status: 'completed',
      });
    });
    expect(used).toEqual(['first', 'second']);
  });

  test('starts nothing more after it was cancelled, and waits for what runs', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const runAgent: AllActivities['runAgent'] = async ({ run, item }) => {
      await runs.handle(`run-${run}`).cancel();
      await finished;
      return resultOf(item);
    };
    const asked = await runs.start(
      graphOf(agentItem('look'), agentItem('mend', { after: ['look'] })),
      { runAgent },
      async (run) => {
        const ended = codeOf(run.result());
        try {
          await expect.poll(() => cancelRequests(executeOf(run)), { timeout: 10_000 }).toBe(1);
        } finally {
          finish();
        }
        expect(await ended).toBe('Cancelled');
      },
    );
    expect(asked.verbs.filter((verb) => verb === 'runAgent')).toHaveLength(1);
    expect(asked.records.map(({ phase, failure }) => [phase, failure?.code ?? null])).toEqual([
      ['ingest', null],
      ['assign', null],
      ['execute', 'Cancelled'],
      ['conclude', null],
    ]);
  });

  test('continues as new between two items without losing, repeating or mixing up a result', async () => {
    const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index, ids) =>
      agentItem(id, { after: ids.slice(Math.max(index - 1, 0), index) }),
    );
    const collected: unknown[] = [];
    const { client } = runs.environment;
    await runs.start(
      graphOf(...items),
      {
        collectItems: async ({ results }) => {
          collected.push(...results.map(({ item, outcome }) => [item, outcome]));
          return { outcome: refTo('executed'), summary: 'executed', facts: null };
        },
      },
      async (run) => {
        await run.result();
        const workflowId = 'run-long/3-execute';
        collected.length = 0;
        const handle = await client.workflow.start('execute', {
          taskQueue: 'control',
          workflowId,
          args: [
            {
              run: { run: 'long', tenant: 'local', request: refTo('request') },
              previous: null,
              input: { accepted: refTo('accepted'), assignment: refTo('assignment') },
              graph: graphOf(...items),
              continueAfter: 15,
            },
          ],
        });
        await handle.result();
        const chain = await chainOf(workflowId, handle.firstExecutionRunId);
        expect(chain.length).toBeGreaterThan(1);
        const ids = await activityIds(workflowId, chain);
        expect(ids.filter((id) => /^[a-f]\.\d+$/.test(id))).toEqual([
          'a.1',
          'b.1',
          'c.1',
          'd.1',
          'e.1',
          'f.1',
        ]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(collected).toEqual(items.map(({ id }) => [id, refTo(`outcome of ${id}`)]));
      },
    );
  });

  async function cancelRequests(workflow: RunHandle): Promise<number> {
    const { events } = await workflow.fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskCancelRequestedEventAttributes).length;
  }

  /** Run ids of a chain, first to last. */
  async function chainOf(workflowId: string, first: string): Promise<string[]> {
    const chain = [first];
    for (let next: string | null | undefined = first; next; ) {
      const { events } = await runs.environment.client.workflow.getHandle(workflowId, next).fetchHistory();
      next = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
      if (next) chain.push(next);
    }
    return chain;
  }
});
