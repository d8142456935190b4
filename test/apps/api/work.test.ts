import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { kpisSchema } from '../../../libs/contracts/kpis.js';
import { messageListSchema } from '../../../libs/contracts/message.js';
import type { Assignment } from '../../../libs/contracts/phase.js';
import { runProgressSchema } from '../../../libs/contracts/progress.js';
import { documentation } from '../../libs/synthesis/assurance.js';
import { tests, validation } from '../../libs/synthesis/reports.js';
import { type AllActivities, resultOf } from '../../support/activity-doubles.js';
import type { TestApi } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { activityFailure, WorkedApi, workedGraph } from '../../support/worked-api.js';

describe('the work of a run over HTTP', () => {
  let worked: WorkedApi;
  let api: TestApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    api = worked.api;
  });
  afterAll(async () => {
    await worked?.remove();
  });

  const store = () => openStore(paths(api.config).artifacts);
  const messagesOf = async (id: string) =>
    messageListSchema.parse((await api.get(`/v1/runs/${id}/messages`)).body).messages;
  const progressOf = async (id: string) =>
    runProgressSchema.parse((await api.get(`/v1/runs/${id}/progress`)).body);
  const kpisOf = async (id: string) => kpisSchema.parse((await api.get(`/v1/runs/${id}/kpis`)).body);

  /** Plans the graph with two minutes for each item. */
  const planWork: AllActivities['planWork'] = async () => {
    const items = workedGraph.items.map((item) => ({ ...item, rules: { expectedMs: 120_000 } }));
    const graph = { ...workedGraph, items };
    const assignment: Assignment = {
      kind: 'assignment',
      health: {},
      items: [],
      test: null,
      dependencies: null,
      probes: [],
      budgets: { memoryBytes: 1, processes: 1 },
      graph,
    };
    return { outcome: await store().putJson(assignment), summary: 'planned', facts: { graph } };
  };

  test('items tell what came of them, once each, with time, measurements and what comes next', async () => {
    const outcomes: Record<string, unknown> = {
      look: documentation({ exported: 4, documented: 3 }),
      mend: validation({ tests: tests({ one: 'pass', two: 'fail', three: 'pass', four: 'pass' }) }),
    };
    const runAgent: AllActivities['runAgent'] = async ({ item }) =>
      resultOf(item, {
        outcome: await store().putJson(outcomes[item.id]),
        measurements: await store().putJson({
          program: {},
          usage: { wallMs: 5, peakMemoryBytes: 7, cpuMs: null },
        }),
      });
    await worked.working({ planWork, runAgent }, async () => {
      const id = await worked.accepted('told');
      await worked.sealed(id);
      const [look, mend] = await messagesOf(id);
      expect(look).toMatchObject({
        header: { phase: 'analysis', agent_id: 'agent.look', priority: 'normal' },
        body: { message_type: 'result', dependencies: [], next_action: 'Go on with mend.' },
        metadata: { resource_usage: { wallMs: 5, peakMemoryBytes: 7 }, retry_count: 0 },
      });
      expect(mend).toMatchObject({ body: { dependencies: ['look'], next_action: 'Nothing waits for it.' } });
      expect(await messagesOf(id)).toHaveLength(2);
      expect(await progressOf(id)).toMatchObject({
        progress: 100,
        tracker: { total_steps: 2, completed: 2 },
      });
      expect(await kpisOf(id)).toMatchObject({
        phase_durations: { analysis: expect.any(Number), consolidation_1: null, implementation: null },
        agent_performance: { success_rate: 1, average_execution_time: expect.any(Number) },
        quality_metrics: { test_coverage: 95, documentation_completeness: 0.75, error_rate: 0.25 },
      });
    });
  });

  test('while an item runs there is an end in sight, and without a worker what was written down is still told', async () => {
    const gate = Promise.withResolvers<void>();
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      if (item.id === 'mend') await gate.promise;
      return resultOf(item);
    };
    let id = '';
    await worked.working({ planWork, runAgent }, async () => {
      id = await worked.accepted('under-way');
      await vi.waitFor(
        async () =>
          expect(await progressOf(id)).toMatchObject({
            currentPhase: 'execute',
            currentCategory: 'analysis',
            activeAgents: ['agent.mend'],
            tracker: { total_steps: 2, completed: 1, current_step: { name: 'Item mend' } },
          }),
        { timeout: 20_000 },
      );
      const { estimatedCompletion, progress } = await progressOf(id);
      expect(estimatedCompletion).not.toBe(null);
      expect(progress).toBeLessThan(100);
      gate.resolve();
      await worked.sealed(id);
    });
    expect((await messagesOf(id)).map(({ body }) => body.content.item)).toEqual(['look', 'mend']);
  });

  test('a failure is told as an error, and what it kept from starting too', async () => {
    const runAgent = activityFailure('AgentFailed', 'It cannot.');
    await worked.working({ planWork, runAgent }, async () => {
      const id = await worked.accepted('broken');
      await worked.sealed(id);
      expect(
        (await messagesOf(id)).map(({ body: { message_type, content } }) => [message_type, content]),
      ).toEqual([
        ['error', expect.objectContaining({ item: 'look', status: 'failed', code: 'AgentFailed' })],
        ['error', expect.objectContaining({ item: 'mend', status: 'skipped', code: 'AgentFailed' })],
      ]);
      expect((await kpisOf(id)).agent_performance.success_rate).toBe(0);
      expect((await progressOf(id)).progress).toBe(100);
    });
  });

  test('a run that is not planned yet has said nothing', async () => {
    const id = await worked.accepted('unplanned');
    expect(await messagesOf(id)).toEqual([]);
    expect(await progressOf(id)).toMatchObject({ progress: 0, estimatedCompletion: null });
    expect((await kpisOf(id)).agent_performance.success_rate).toBe(null);
  });

  test.each(['messages', 'progress', 'kpis'])('%s of a run that there is not is unknown', async (what) => {
    expect((await api.get(`/v1/runs/aaaaaaaaaaaaaaaaaaaaaaaaaa/${what}`)).body).toMatchObject({
      code: 'RunUnknown',
    });
  });

  test('every route of theirs was answered', () => {
    expect([...answeredRoutes(api)]).toEqual(expect.arrayContaining(documentedRoutes(api, 'work')));
  });
});
