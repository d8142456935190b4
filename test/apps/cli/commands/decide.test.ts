import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GraphItem, ItemRules } from '../../../../libs/contracts/graph.js';
import { type AllActivities, agentItem, graphOf, resultOf } from '../../../support/activity-doubles.js';
import { heptad } from '../../../support/heptad.js';
import { body, WorkedApi } from '../../../support/worked-api.js';

describe('the commands by which a person steers items', () => {
  let worked: WorkedApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
  });
  afterAll(async () => {
    await worked?.remove();
  });

  const call = (...args: string[]) => heptad(['--server', worked.api.url, ...args]);
  const ruled = (id: string, rules: ItemRules, changes: Partial<GraphItem> = {}): GraphItem =>
    agentItem(id, { ...changes, rules });

  const started = async (key: string, stepwise = false): Promise<string> =>
    (await worked.api.startRun({ ...body, ...(stepwise ? { stepwise } : {}) }, key)).body.id;

  const itemsAre = (id: string, statuses: Readonly<Record<string, string>>): Promise<void> =>
    vi.waitFor(
      async () => {
        const { items } = (await worked.api.get(`/v1/runs/${id}`)).body;
        const known: [string, string][] = items?.map((item: GraphItem & { status: string }) => [
          item.id,
          item.status,
        ]);
        expect(Object.fromEntries(known ?? [])).toEqual(statuses);
      },
      { timeout: 20_000 },
    );

  /** The first execution of these fails. */
  function failingFirst(...ids: readonly string[]): AllActivities['runAgent'] {
    const left = new Set(ids);
    return async ({ item }) => {
      if (left.delete(item.id)) throw ApplicationFailure.nonRetryable('It does not work.', 'AgentFailed');
      return resultOf(item);
    };
  }

  /** What is said; where the item is then, unless nobody could be asked at that moment. */
  const taken = (decision: string, item: string) =>
    expect.stringMatching(new RegExp(`^Taken: ${decision} ${item}\\.( It is [a-z_]+\\.)?\n$`));

  test('let the next item go on, all that are ready, and everything', async () => {
    const graph = graphOf(
      agentItem('one'),
      agentItem('two'),
      agentItem('three', { after: ['one', 'two'] }),
      agentItem('four', { after: ['three'] }),
    );
    await worked.working(
      {},
      async () => {
        const run = await started('step-by-step', true);
        await itemsAre(run, { one: 'ready', two: 'ready', three: 'pending', four: 'pending' });
        expect(await call('next', run)).toMatchObject({
          code: 0,
          out: expect.stringMatching(/^The next item goes on\. Items: .*\n$/),
        });
        await itemsAre(run, { one: 'completed', two: 'ready', three: 'pending', four: 'pending' });

        const all = await started('all-ready', true);
        await itemsAre(all, { one: 'ready', two: 'ready', three: 'pending', four: 'pending' });
        expect((await call('next', all, '--all-ready')).out).toMatch(/^All items that are ready go on\. /);
        await itemsAre(all, { one: 'completed', two: 'completed', three: 'ready', four: 'pending' });
        expect((await call('go', all)).out).toMatch(/^Everything goes on\. /);
        await worked.sealed(all);
        await itemsAre(all, { one: 'completed', two: 'completed', three: 'completed', four: 'completed' });
      },
      graph,
    );
  });

  test('decide on results that wait for review, and on items that failed and wait for a person', async () => {
    const review = { review: { withinMs: 7 * 24 * 3600 * 1000 } };
    const held = { onFailure: ['person'] } satisfies ItemRules;
    const graph = {
      ...graphOf(
        ruled('good', review),
        ruled('bad', review),
        ruled('again', held),
        ruled('given-up', held),
        ruled('left-out', held),
        ruled('deploy', { onFailure: [], recovery: { items: ['clear'], mode: 'manual' } }),
        ruled('clear', { standby: { for: 'deploy', as: 'recovery' } }),
      ),
      parallel: 7,
    };
    const failing = { runAgent: failingFirst('again', 'given-up', 'left-out', 'deploy') };
    await worked.working(
      failing,
      async () => {
        const run = await started('decided');
        const [blocked, waits] = ['blocked', 'awaiting_review'];
        const before = { good: waits, bad: waits, again: blocked, 'given-up': blocked, 'left-out': blocked };
        await itemsAre(run, { ...before, deploy: blocked, clear: 'pending' });

        const told = async (...args: string[]): Promise<[number | null, string]> => {
          const { code, err } = await call(...args);
          return [code, err.split('\n')[0] ?? ''];
        };
        const why = ['--reason', 'I looked at it.'];
        expect(await told('retry', run, 'again')).toEqual([2, expect.stringContaining('--reason')]);
        for (const [args, code] of [
          [['retry', run, 'nothing'], 'ItemUnknown'],
          [['approve', run, 'again'], 'NothingToDecide'],
          [['approve', 'a'.repeat(26), 'again'], 'RunUnknown'],
        ] as const)
          expect(await told(...args, ...why)).toEqual([1, expect.stringContaining(`[${code}]`)]);
        await itemsAre(run, { ...before, deploy: blocked, clear: 'pending' });

        for (const [decision, item] of [
          ['approve', 'good'],
          ['reject', 'bad'],
          ['retry', 'again'],
          ['fail', 'given-up'],
          ['recover', 'deploy'],
          ['skip', 'left-out'],
        ] as const)
          expect(await call(decision, run, item, ...why, '--by', 'ada')).toEqual({
            code: 0,
            out: taken(decision, item),
            err: '',
          });
        await itemsAre(run, {
          good: 'completed',
          bad: 'failed',
          again: 'completed',
          'given-up': 'failed',
          'left-out': 'skipped',
          deploy: 'completed',
          clear: 'completed',
        });
      },
      graph,
    );
  });
});
