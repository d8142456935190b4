import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphItem, ItemRules, ItemView } from '../../libs/contracts/graph.js';
import type { AdvanceItems, DecideItem } from '../../libs/contracts/steering.js';
import { parsedCondition } from '../../libs/graph/conditions/parsed-condition.js';
import { itemsMemo, queryName, updateName } from '../../libs/protocol/messages.js';
import { type AllActivities, agentItem, graphOf, refTo, resultOf } from '../support/activity-doubles.js';
import { codeOf, type RunHandle, Runs } from './support/runs.js';

const ruled = (id: string, rules: ItemRules, changes: Partial<GraphItem> = {}): GraphItem =>
  agentItem(id, { ...changes, rules });

const failing = (code: string): never => {
  throw ApplicationFailure.nonRetryable('It did not work.', code);
};

describe('the items of a run', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open();
  });
  afterAll(async () => runs?.close());

  const executeOf = (run: RunHandle): RunHandle => runs.handle(`${run.workflowId}/3-execute`);

  const statuses = async (run: RunHandle): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await executeOf(run).query<ItemView[]>(queryName.items)).map(({ id, status, code }) => [
        id,
        code === null ? status : `${status} ${code}`,
      ]),
    );

  const until = (run: RunHandle, id: string, status: string) =>
    expect
      .poll(async () => (await statuses(run).catch(() => ({}) as Record<string, string>))[id], {
        timeout: 20_000,
      })
      .toBe(status);

  const decide = (run: RunHandle, decided: Omit<DecideItem, 'by' | 'reason'>) =>
    executeOf(run).executeUpdate<void, [DecideItem]>(updateName.decide, {
      args: [{ ...decided, by: 'ada', reason: 'I looked.' }],
    });

  test('follow the branch whose condition holds, and tell of the other in the history', async () => {
    const graph = graphOf(
      ruled('risk', { facts: ['level'] }),
      ruled('high', { condition: parsedCondition("risk.level == 'HIGH'") }, { after: ['risk'] }),
      ruled('low', { condition: parsedCondition("risk.level == 'LOW'") }, { after: ['risk'] }),
    );
    const runAgent: AllActivities['runAgent'] = async ({ item }) =>
      resultOf(item, item.id === 'risk' ? { facts: { level: 'LOW' } } : {});
    await runs.start(graph, { runAgent }, async (run) => {
      await run.result();
      expect(await statuses(run)).toEqual({
        risk: 'completed',
        high: 'skipped ConditionFalse',
        low: 'completed',
      });
      const { events } = await executeOf(run).fetchHistory();
      const told = (events ?? []).flatMap((event) => {
        const payload = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[itemsMemo];
        return payload ? [defaultPayloadConverter.fromPayload<unknown>(payload)] : [];
      });
      expect(told.flat()).toContainEqual(['high', 'skipped', 'ConditionFalse']);
    });
  });

  test('that repair a candidate are told to the barrier that waits for them', async () => {
    const work = { category: 'implementation', candidate: 'a' };
    const graph = {
      ...graphOf(
        agentItem('improve', work),
        agentItem('validate', {
          ...{ category: 'validation', candidate: 'a' },
          ...{ after: ['improve'], workspace: 'improve' },
        }),
        agentItem('together', { kind: 'consolidation', agents: [], after: ['validate'] }),
      ),
      repairs: 1,
    };
    const runAgent: AllActivities['runAgent'] = async ({ item }) =>
      resultOf(item, { accepted: item.id !== 'validate' });
    let told: readonly string[] = [];
    const consolidate: AllActivities['consolidate'] = async ({ item, results, added = [] }) => {
      told = [...results.map((result) => result.item), ...added.map(({ id }) => `${id} added`)];
      return resultOf(item);
    };
    await runs.start(graph, { runAgent, consolidate }, async (run) => await run.result());
    expect(told).toEqual(['validate', 'validate-repair', 'validate-repair added']);
  });

  test('are tried as often as their policy says, for what is final elsewhere, too', async () => {
    const graph = graphOf(
      ruled('shaky', {
        retry: { attempts: 3, intervalMs: 60_000, backoff: 2, mostIntervalMs: 600_000, on: ['AgentFailed'] },
      }),
    );
    let attempts = 0;
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      attempts += 1;
      if (attempts < 3) throw ApplicationFailure.retryable('It did not work.', 'AgentFailed');
      return resultOf(item);
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED' });
    });
    expect(attempts).toBe(3);
  });

  test('climb their ladder, each rung told to the agent, and are done by their fallback at its end', async () => {
    const graph = graphOf(
      ruled(
        'mend',
        { onFailure: ['narrow', 'backup', 'log'], fallback: 'keep' },
        { agents: ['first', 'second'].map((id) => ({ id, manifest: refTo(id).digest })) },
      ),
      ruled('keep', { standby: { for: 'mend', as: 'fallback' } }),
    );
    const tried: string[] = [];
    const runAgent: AllActivities['runAgent'] = async ({ item, agent, how = 'plain' }) => {
      tried.push(`${item.id} ${agent.id} ${how}`);
      return item.id === 'mend' ? failing('AgentFailed') : resultOf(item);
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await run.result();
      expect(await statuses(run)).toEqual({ mend: 'completed', keep: 'completed' });
    });
    expect(tried).toEqual([
      'mend first plain',
      'mend first narrow',
      'mend second plain',
      'mend first log',
      'keep agent.keep plain',
    ]);
  });

  test('wait for a person where a review is due, and end with a code where nobody comes', async () => {
    const graph = graphOf(ruled('a', { review: { withinMs: 7 * 24 * 3600 * 1000 } }));
    await runs.start(graph, {}, async (run) => {
      await until(run, 'a', 'awaiting_review');
      await runs.environment.sleep('8 days');
      await run.result();
      expect(await statuses(run)).toEqual({ a: 'failed ReviewExpired' });
    });
    await runs.start(graph, {}, async (run) => {
      await until(run, 'a', 'awaiting_review');
      await decide(run, { item: 'a', decision: 'approve' });
      await run.result();
      expect(await statuses(run)).toEqual({ a: 'completed' });
    });
  });

  test('refuse a decision that they do not wait for, and say so', async () => {
    const graph = graphOf(ruled('a', { review: { withinMs: 60_000_000 } }));
    await runs.start(graph, {}, async (run) => {
      await until(run, 'a', 'awaiting_review');
      const refused = async (decided: Omit<DecideItem, 'by' | 'reason'>): Promise<unknown> =>
        await decide(run, decided).catch((error: unknown) =>
          error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure
            ? error.cause.type
            : error,
        );
      expect(await refused({ item: 'a', decision: 'retry' })).toBe('NothingToDecide');
      expect(await refused({ item: 'b', decision: 'approve' })).toBe('ItemUnknown');
      await decide(run, { item: 'a', decision: 'approve' });
      await run.result();
    });
  });

  test('that failed wait for a person where their ladder ends with one', async () => {
    const graph = graphOf(ruled('a', { onFailure: ['person'] }));
    let broken = true;
    const runAgent: AllActivities['runAgent'] = async ({ item }) =>
      broken ? failing('AgentFailed') : resultOf(item);
    await runs.start(graph, { runAgent }, async (run) => {
      await until(run, 'a', 'blocked AgentFailed');
      broken = false;
      await decide(run, { item: 'a', decision: 'retry' });
      await run.result();
      expect(await statuses(run)).toEqual({ a: 'completed' });
    });
  });

  test('are recovered when a person says so, and then done once more', async () => {
    const graph = graphOf(
      ruled('deploy', { recovery: { items: ['clear', 'check'], mode: 'manual' } }),
      ruled('clear', { standby: { for: 'deploy', as: 'recovery' } }),
      ruled('check', { standby: { for: 'deploy', as: 'recovery' } }, { after: ['clear'] }),
      agentItem('announce', { after: ['deploy'] }),
    );
    const done: string[] = [];
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      if (item.id === 'deploy' && !done.includes('check')) failing('AgentFailed');
      done.push(item.id);
      return resultOf(item);
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await until(run, 'deploy', 'blocked AgentFailed');
      expect(done).toEqual([]);
      await decide(run, { item: 'deploy', decision: 'recover' });
      await run.result();
    });
    expect(done).toEqual(['clear', 'check', 'deploy', 'announce']);
  });

  test('are done in parts where they fail as a whole, each on what the one before handed back', async () => {
    const graph = graphOf(
      ruled('migrate', { onFailure: ['split'] }),
      agentItem('report', { after: ['migrate'] }),
    );
    const parts: unknown[] = [];
    const runAgent: AllActivities['runAgent'] = async ({ item, part }) => {
      if (item.id === 'migrate') return failing('AgentFailed');
      if (part) parts.push([part.number, part.of, item.workspace]);
      return resultOf(item);
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await run.result();
      expect(await statuses(run)).toEqual({
        migrate: 'completed',
        report: 'completed',
        'migrate-part-1': 'completed',
        'migrate-part-2': 'completed',
      });
    });
    expect(parts).toEqual([
      [1, 2, null],
      [2, 2, 'migrate-part-1'],
    ]);
  });

  test('are skipped by a person while they run, and the others go on', async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const graph = graphOf(agentItem('slow'), agentItem('next', { after: ['slow'] }));
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      if (item.id === 'slow') await stopped;
      return resultOf(item);
    };
    await runs.start(graph, { runAgent }, async (run) => {
      await until(run, 'slow', 'running');
      await decide(run, { item: 'slow', decision: 'skip' });
      await until(run, 'slow', 'skipped SkippedByPerson');
      stop();
      await run.result();
      expect(await statuses(run)).toEqual({ slow: 'skipped SkippedByPerson', next: 'completed' });
    });
  });

  test('are collected until the one deadline of a consolidation, which names who is missing', async () => {
    const graph = graphOf(
      agentItem('quick'),
      ruled('stuck', { onFailure: ['person'] }),
      ruled('all', { deadlineMs: 300_000 }, { kind: 'consolidation', agents: [], after: ['quick', 'stuck'] }),
    );
    const missing: string[] = [];
    await runs.start(
      graph,
      {
        runAgent: async ({ item }) => (item.id === 'stuck' ? failing('AgentFailed') : resultOf(item)),
        consolidate: async (barrier) => {
          missing.push(...barrier.unfinished.map((one) => `${one.item} ${one.status} ${one.code}`));
          return resultOf(barrier.item, { accepted: false });
        },
      },
      async (run) => {
        await until(run, 'stuck', 'blocked AgentFailed');
        await runs.environment.sleep('301s');
        await run.result();
        expect(await statuses(run)).toMatchObject({ stuck: 'timeout CollectionExpired', all: 'completed' });
      },
    );
    expect(missing).toEqual(['stuck timeout CollectionExpired']);
  });

  test('go on one by one, all that are ready, or all, as they are let', async () => {
    const graph = graphOf(agentItem('a'), agentItem('b'), agentItem('c', { after: ['a'] }));
    const advance = (run: RunHandle, items: AdvanceItems['items']) =>
      executeOf(run).executeUpdate<void, [AdvanceItems]>(updateName.advance, { args: [{ items }] });
    runs.stepwise = true;
    try {
      await runs.start(graph, {}, async (run) => {
        await until(run, 'a', 'ready');
        await advance(run, 1);
        await until(run, 'a', 'completed');
        expect(await statuses(run)).toEqual({ a: 'completed', b: 'ready', c: 'ready' });
        await advance(run, 'ready');
        await until(run, 'c', 'completed');
        expect(await codeOf(run.result())).toBeUndefined();
      });
    } finally {
      runs.stepwise = false;
    }
  });

  test('add work while the run goes on, and it ends when nothing more comes of it', async () => {
    const graph = { ...graphOf(agentItem('look')), consumes: ['analysis'] };
    const admitted: string[] = [];
    await runs.start(
      graph,
      {
        admitWork: async ({ item, ledger }) => {
          admitted.push(item.id);
          const again =
            item.id === 'look' ? [agentItem('mend', { after: ['look'], category: 'implementation' })] : [];
          return { items: again, ledger };
        },
      },
      async (run) => {
        await run.result();
        expect(await statuses(run)).toEqual({ look: 'completed', mend: 'completed' });
      },
    );
    expect(admitted).toEqual(['look']);
  });
});
