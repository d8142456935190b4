import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { type Discovery, discoverySchema, type Ledger } from '../../../libs/contracts/discovery.js';
import type { Attempt } from '../../../libs/contracts/evidence.js';
import { discoveriesSchema, itemHistorySchema } from '../../../libs/contracts/item-history.js';
import { attemptEntryName } from '../../../libs/evidence/attempt-entries.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { type AllActivities, agentItem, resultOf } from '../../support/activity-doubles.js';
import type { TestApi } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { WorkedApi } from '../../support/worked-api.js';

const found = (description: string, visibility: Discovery['visibility']): Discovery =>
  discoverySchema.parse({ description, done: 'A test shows that it is so.', kind: 'bug', visibility });

const discoveries = [
  found('Everybody may see that the parser is slow.', { kind: 'public' }),
  found('Nobody but the run may see this bug.', { kind: 'private' }),
  found('The tenant may see this bug, and only it.', { kind: 'tenant' }),
  found('Who is of the team may see this bug.', { kind: 'labelled', labels: ['team'] }),
  found('This bug was held back until last year.', { kind: 'after', at: '2020-01-01T00:00:00Z' }),
  found('This bug is held back for a long time.', { kind: 'after', at: '2999-01-01T00:00:00Z' }),
];

const ledger: Ledger = {
  kind: 'ledger',
  version: 1,
  previous: null,
  entries: discoveries.map((discovery, index) => ({
    number: index + 1,
    by: 'look',
    depth: 1,
    discovery,
    index,
    category: 'implementation',
    route: 'to-be-mended',
    fate: index === 0 ? 'admitted' : 'follow-up',
    reason: index === 0 ? null : 'Nobody consumes it.',
    duplicateOf: null,
    items: index === 0 ? ['implement-1'] : [],
  })),
  consumed: [{ result: 'look', consumer: 'validate', items: ['validate-1'] }],
  costMs: 0,
};

const attemptOf = (key: string): Attempt => ({
  ...{ key, activity: 'runAgent', attempt: 1, worker: 'w', sandbox: null, lastStep: null },
  ...{ startedAt: '2026-01-05T09:00:00.000Z', endedAt: '2026-01-05T09:00:01.000Z' },
  ...{ outcome: 'completed', code: null },
});

describe('what is discovered in a run', () => {
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

  /** An item finds something; what is made for it waits at the gate. */
  function finding(gate: Promise<void>): Partial<AllActivities> {
    return {
      runAgent: async ({ item }) => {
        if (item.id === 'implement-1') await gate;
        return resultOf(item, item.id === 'look' ? { discoveries: discoveries.length } : {});
      },
      admitWork: async () => ({
        items: [agentItem('implement-1', { category: 'implementation', after: ['look'] })],
        ledger: (await store().putJson(ledger)).digest,
      }),
      collectItems: async ({ graph, results, unfinished, ledger: last }) => ({
        outcome: await store().putJson({ kind: 'execution', graph, results, unfinished, ledger: last }),
        summary: 'executed',
        facts: null,
      }),
    };
  }

  const shown = async (
    id: string,
    query = '',
  ): Promise<{ numbers: number[]; hidden: number; ledger: Digest | null }> => {
    const answer = await api.get(`/v1/runs/${id}/discoveries${query}`);
    expect(answer.status).toBe(200);
    const read = discoveriesSchema.parse(answer.body);
    return {
      numbers: read.discoveries.map(({ number }) => number),
      hidden: read.hidden,
      ledger: read.ledger,
    };
  };

  test('is listed while the run goes on and when it has ended, to who may see it', async () => {
    const gate = Promise.withResolvers<void>();
    const id = await worked.accepted('found');
    expect(await api.get(`/v1/runs/${id}/discoveries`)).toMatchObject({
      body: { ledger: null, discoveries: [], unavailable: 'Execute has not begun.' },
    });
    await worked.working(finding(gate.promise), async () => {
      await vi.waitFor(async () => expect((await shown(id)).numbers).toEqual([1, 3, 5]), { timeout: 20_000 });
      const { body: view } = await api.get(`/v1/runs/${id}`);
      expect(view.work).toMatchObject({
        total_discoveries: discoveries.length,
        active_categories: ['implementation'],
        blocked_work: 0,
        categories: { implementation: { completed: 0, active: 1, pending: 0, failed: 0 } },
        complete: null,
      });
      gate.resolve();
      await worked.sealed(id);
    });
    const ended = await shown(id);
    expect(ended).toMatchObject({ numbers: [1, 3, 5], hidden: 3 });
    expect(ended.ledger).toMatch(/^sha256:/);
    expect((await shown(id, '?include=private')).numbers).toEqual([1, 2, 3, 5]);
    expect((await shown(id, '?label=team&label=others')).numbers).toEqual([1, 3, 4, 5]);
    expect((await shown(id, '?label=others')).numbers).toEqual([1, 3, 5]);
    expect(await api.get(`/v1/runs/${id}/discoveries?include=all`)).toMatchObject({
      status: 400,
      body: { code: 'InputInvalid' },
    });
    const { body: view } = await api.get(`/v1/runs/${id}`);
    expect(view.work).toMatchObject({
      total_discoveries: discoveries.length,
      completed_work: 3,
      active_categories: [],
      complete: { categories_completed: ['analysis', 'implementation'], total_work_items: 3 },
    });
  });

  test('and who did it is told of each item, from histories, the attempt log and the ledger', async () => {
    await worked.working(finding(Promise.resolve()), async () => {
      const id = await worked.accepted('item');
      await worked.sealed(id);
      // The attempt log is written by the workers' interceptor, which doubles do not have.
      const execute = workflowId.phase(id, 'execute');
      for (const activityId of ['look.1', 'mend.1'])
        await store().entries.put(
          attemptEntryName({ run: id, workflowId: execute, activityId, attempt: 1 }, 'end'),
          canonicalJson(attemptOf(`${execute}:${activityId}`)),
        );
      const of = async (item: string) =>
        itemHistorySchema.parse((await api.get(`/v1/runs/${id}/items/${item}`)).body);
      const look = await of('look');
      expect(look).toMatchObject({
        item: { id: 'look', status: 'completed' },
        executions: [
          {
            activity: 'look.1',
            inputs: [],
            result: { summary: 'look done' },
            failure: null,
            attempts: [{ attempt: 1, outcome: 'completed', code: null }],
          },
        ],
        madeFor: null,
        consumedBy: [{ consumer: 'validate', items: ['validate-1'] }],
        usedBy: ['mend', 'implement-1'],
      });
      expect(look.found.map(({ number, route }) => [number, route])).toEqual([
        [1, 'to-be-mended'],
        [3, 'to-be-mended'],
        [5, 'to-be-mended'],
      ]);
      const implement = await of('implement-1');
      const { outcome } = look.executions[0]?.result ?? {};
      expect(implement).toMatchObject({
        executions: [{ inputs: [{ item: 'look', digest: outcome?.digest }] }],
        madeFor: { number: 1, by: 'look' },
        found: [],
      });
      expect(await api.get(`/v1/runs/${id}/items/nobody`)).toMatchObject({
        status: 404,
        body: { code: 'ItemUnknown' },
      });
    });
  });

  test('every route of theirs was answered', () => {
    expect([...answeredRoutes(api)]).toEqual(expect.arrayContaining(documentedRoutes(api, 'discoveries')));
  });
});
