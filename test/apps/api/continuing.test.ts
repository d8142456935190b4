import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCoordinationActivities } from '../../../activities/coordination/index.js';
import { createGraphActivities } from '../../../activities/graph/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { mediaType } from '../../../libs/artifacts/media-types.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { type Discovery, discoverySchema, type LedgerEntry } from '../../../libs/contracts/discovery.js';
import type { ItemResult } from '../../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment } from '../../../libs/contracts/phase.js';
import { startRunSchema } from '../../../libs/contracts/request.js';
import { type RollbackPoint, resumptionSchema } from '../../../libs/contracts/resumption.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { listTemplates } from '../../../libs/templates/load.js';
import { type AllActivities, resultOf } from '../../support/activity-doubles.js';
import type { Answer } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { body, WorkedApi, workedGraph } from '../../support/worked-api.js';

/** A template whose consumer takes one discovery of a run, so that the others are left. */
const leaving = {
  name: 'leaving',
  version: '1.0.0',
  title: 'Leaves what it finds',
  description: 'One discovery is mended, the others are for another run.',
  input: {
    type: 'object',
    required: ['subject'],
    additionalProperties: false,
    properties: { subject: { type: 'string', minLength: 1 } },
  },
  items: ['look', 'mend'].map((id) => ({
    ...{ id, title: id, category: 'analysis', work: { kind: 'agent', capability: 'analyse.code' } },
    done: { says: 'It is done.', expression: 'EXISTS result.kind' },
  })),
  consumers: [
    {
      ...{ id: 'repair', title: 'Repair', category: 'implementation' },
      work: { kind: 'agent', capability: 'implement.change' },
      consumes: { kind: 'discovery', category: 'implementation' },
      done: { says: 'It is repaired.', expression: 'EXISTS result.kind' },
    },
  ],
  emergence: { count: 1 },
};

const found = (description: string, more: Partial<Discovery> = {}): Discovery =>
  discoverySchema.parse({ description, done: 'A test shows that it is so.', kind: 'bug', ...more });

const discoveries = [
  found('The parser reads behind the end of its input.'),
  found('A password is written to the log.', { visibility: { kind: 'private' } }),
  found('The lock of the cache is never released.', { visibility: { kind: 'labelled', labels: ['team'] } }),
  found('The writer ignores that the disk is full.'),
  found('Signatures are compared byte by byte.', {
    tags: ['held-back'],
    visibility: { kind: 'after', at: '2999-01-01T00:00:00Z' },
  }),
];

describe('starting runs from what others committed', () => {
  let worked: WorkedApi;
  let store: ArtifactStore;
  let known: Partial<AllActivities>;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    store = openStore(paths(worked.api.config).artifacts);
    known = await committing(store, shippedTemplate());
  });
  afterAll(() => worked?.remove());

  const post = (path: string, value: unknown, key: string): Promise<Answer> =>
    worked.api.send(path, JSON.stringify(value), { 'idempotency-key': key });

  /** A run that has ended. */
  async function ended(key: string, replaced: Partial<AllActivities> = {}): Promise<string> {
    let id = '';
    await worked.working({ ...known, ...replaced }, async () => {
      id = await worked.accepted(key);
      await vi.waitFor(
        async () => expect((await worked.api.get(`/v1/runs/${id}`)).body.closedAt).not.toBe(null),
        { timeout: 20_000 },
      );
    });
    return id;
  }

  const pointsOf = async (id: string): Promise<RollbackPoint[]> =>
    (await worked.api.get(`/v1/runs/${id}/rollback-points`)).body.points;

  /** What a run was asked for. */
  async function requestOf(id: string) {
    const { body: listed } = await worked.api.get(`/v1/runs/${id}/artifacts`);
    const [request] = listed.artifacts;
    const asked = await store.getJson(request.digest, startRunSchema);
    if (!asked.resume) throw new Error('It goes on from nothing.');
    return { asked, resumption: await store.getJson(asked.resume, resumptionSchema) };
  }

  test('a run that completed has points, without any worker', async () => {
    const id = await ended('points');
    expect((await pointsOf(id)).map((point) => [point.id, point.items])).toEqual([
      ['subject', []],
      ['executed', ['look', 'mend']],
    ]);
  });

  test('a run starts from the last point where none is named, with the same request', async () => {
    const id = await ended('rolled-back');
    const { status, body: accepted } = await post(`/v1/runs/${id}/rollback`, {}, 'rollback-1');
    expect(status).toBe(202);
    const { asked, resumption } = await requestOf(accepted.id);
    expect(asked).toMatchObject({
      template: expect.stringMatching(/^repository-review@/),
      input: body.input,
    });
    expect(resumption).toMatchObject({ how: 'rollback', run: id, origin: id, point: 'executed', item: null });
    expect(resumption.results.map(({ item }) => item)).toEqual(['look', 'mend']);
    expect(resumption.state).toBe((await pointsOf(id)).at(-1)?.state);
    const { body: view } = await worked.api.get(`/v1/runs/${accepted.id}`);
    expect(view.from).toEqual({ run: id, how: 'rollback' });
  });

  test('the same key is the same run, and with another point it is refused', async () => {
    const id = await ended('same-key');
    const first = await post(`/v1/runs/${id}/rollback`, { point: 'subject' }, 'again');
    const second = await post(`/v1/runs/${id}/rollback`, { point: 'subject' }, 'again');
    expect([first.status, second.body.id]).toEqual([202, first.body.id]);
    expect(await post(`/v1/runs/${id}/rollback`, { point: 'executed' }, 'again')).toMatchObject({
      status: 409,
      body: { code: 'IdempotencyKeyReused' },
    });
  });

  test('an item is done again, and what depends on it; what it builds on is taken over', async () => {
    const id = await ended('rerun');
    const { body: accepted } = await post(`/v1/runs/${id}/rerun`, { item: 'mend' }, 'rerun-mend');
    const { resumption } = await requestOf(accepted.id);
    expect(resumption).toMatchObject({ how: 'rerun', item: 'mend', point: null });
    expect(resumption.results.map(({ item }) => item)).toEqual(['look']);
    const { body: all } = await post(`/v1/runs/${id}/rerun`, { item: 'look' }, 'rerun-look');
    expect((await requestOf(all.id)).resumption.results).toEqual([]);
  });

  test('a run whose execute failed is gone on with from what it had done', async () => {
    const id = await ended('failed-item', {
      collectItems: async () => {
        const { ApplicationFailure } = await import('@temporalio/common');
        throw ApplicationFailure.nonRetryable('It cannot be collected.', 'InputInvalid', []);
      },
    });
    expect((await worked.api.get(`/v1/runs/${id}`)).body.state).toBe('failed');
    expect((await pointsOf(id)).at(-1)).toMatchObject({ id: 'executed', items: ['look', 'mend'] });
  });

  test('what there is not is refused with its code', async () => {
    const id = await ended('refused');
    const refusals = [
      await post(`/v1/runs/${id}/rollback`, { point: 'after-lunch' }, 'k1'),
      await post(`/v1/runs/${id}/rerun`, { item: 'nothing' }, 'k2'),
      await post(`/v1/runs/${id}/continue`, {}, 'k3'),
      await post(`/v1/runs/${'a'.repeat(26)}/rollback`, {}, 'k4'),
      await worked.api.send(`/v1/runs/${id}/rollback`, '{}'),
      await post(`/v1/runs/${id}/rerun`, {}, 'k5'),
    ];
    expect(refusals.map(({ status, body: { code } }) => [status, code])).toEqual([
      [404, 'PointUnknown'],
      [404, 'ItemUnknown'],
      [409, 'NothingToContinue'],
      [404, 'RunUnknown'],
      [400, 'IdempotencyKeyMissing'],
      [400, 'InputInvalid'],
    ]);
  });

  test('a run that goes on is not gone on from', async () => {
    const id = await worked.accepted('open');
    expect(await pointsOf(id)).toEqual([]);
    await worked.working({ ...known, judge: () => new Promise(() => undefined) }, async () => {
      await vi.waitFor(
        async () => expect((await pointsOf(id)).map((point) => point.id)).toContain('executed'),
        { timeout: 20_000 },
      );
      expect(await post(`/v1/runs/${id}/rollback`, {}, 'of-open')).toMatchObject({
        status: 409,
        body: { code: 'RunOpen' },
      });
      await worked.handle(id).terminate('The test is over.');
    });
  });

  test('a state of which bytes are gone starts no run', async () => {
    const id = await ended('tampered');
    const point = (await pointsOf(id)).at(-1);
    expect(point?.items).toEqual(['look', 'mend']);
    const lost = await store.putJson({ kind: 'outcome', item: 'mend' });
    await store.remove(lost.digest, new Date(Date.now() + 1000));
    const refused = await post(`/v1/runs/${id}/rollback`, {}, 'of-tampered');
    expect(refused).toMatchObject({ status: 500, body: { code: 'ArtifactCorrupt' } });
    expect(refused.body.detail).toContain(lost.digest);
    const whole = await post(`/v1/runs/${id}/rerun`, { item: 'mend' }, 'without-it');
    expect(whole.status).toBe(202);
    await store.putJson({ kind: 'outcome', item: 'mend' });
  });

  describe('that left follow-ups', () => {
    let left: Record<string, string>;
    let doubles: Partial<AllActivities>;
    beforeAll(async () => {
      const created = await post('/v1/templates', { source: JSON.stringify(leaving) }, 'leaving');
      expect([created.status, created.body]).toMatchObject([201, { warnings: [] }]);
      doubles = {
        ...(await committing(store, templateSchema.parse(leaving))),
        ...createGraphActivities({ store }),
        collectItems: createCoordinationActivities({ store }).collectItems,
        runAgent: async ({ item }) => ({
          ...resultOf(item),
          ...(item.id === 'look'
            ? { outcome: await store.putJson({ discoveries }), discoveries: discoveries.length }
            : { outcome: await store.putJson({ kind: 'outcome', item: item.id }) }),
        }),
      };
      left = {};
    });

    /** A run of which one discovery was admitted and the others were left. */
    async function leftBy(key: string): Promise<string> {
      if (left[key]) return left[key];
      const started = await worked.api.startRun({ ...body, template: leaving.name }, key);
      expect(started.status).toBe(202);
      const { id } = started.body;
      await worked.working(doubles, async () => {
        await worked.sealed(id);
      });
      left[key] = id;
      return id;
    }

    const follow = (id: string, key: string, query = '') => post(`/v1/runs/${id}/continue${query}`, {}, key);

    test('starts one that does them, on what was handed back last, with the same request', async () => {
      const id = await leftBy('left');
      const { body: listed } = await worked.api.get(`/v1/runs/${id}/discoveries?include=private&label=team`);
      expect(listed.discoveries.map(({ fate }: LedgerEntry) => fate)).toEqual([
        ...['admitted', 'follow-up', 'follow-up', 'follow-up'],
      ]);
      const { status, body: accepted } = await follow(id, 'goes-on');
      expect(status).toBe(202);
      const { asked, resumption } = await requestOf(accepted.id);
      expect(asked).toMatchObject({ template: `${leaving.name}@${leaving.version}`, input: body.input });
      expect(resumption).toMatchObject({ how: 'continue', run: id, origin: id, point: null, item: null });
      expect(resumption.results).toEqual([]);
      expect(resumption.captured.snapshot.digest).toBe(resumption.workspace);
      const { body: view } = await worked.api.get(`/v1/runs/${accepted.id}`);
      expect(view.from).toEqual({ run: id, how: 'continue' });
    });

    test('hands on what everybody may see by now', async () => {
      const { body: accepted } = await follow(await leftBy('left'), 'everybody');
      const { resumption } = await requestOf(accepted.id);
      expect(resumption.discoveries.map(({ description }) => description)).toEqual([
        'The writer ignores that the disk is full.',
      ]);
    });

    test('hands on what a label allows to be seen to who has it, and what is private to nobody', async () => {
      const { body: accepted } = await follow(await leftBy('left'), 'labelled', '?label=team&label=others');
      const { resumption } = await requestOf(accepted.id);
      expect(resumption.discoveries.map(({ description }) => description)).toEqual([
        'The lock of the cache is never released.',
        'The writer ignores that the disk is full.',
      ]);
      expect(await follow(await leftBy('left'), 'asks-for-it', '?include=private')).toMatchObject({
        status: 400,
        body: { code: 'InputInvalid' },
      });
    });

    test('is the same run for the same key, and with other labels it is refused', async () => {
      const id = await leftBy('left');
      const [first, second] = [await follow(id, 'twice'), await follow(id, 'twice')];
      expect([second.status, second.body.id]).toEqual([202, first.body.id]);
      expect(await follow(id, 'twice', '?label=team')).toMatchObject({
        status: 409,
        body: { code: 'IdempotencyKeyReused' },
      });
    });

    test('is the same run for the same key although more may be seen since', async () => {
      const id = await leftBy('left');
      const first = await follow(id, 'early');
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2999-06-01T00:00:00Z') });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const second = await follow(id, 'early');
      expect([second.status, second.body.id]).toEqual([202, first.body.id]);
      const later = await follow(id, 'late');
      vi.useRealTimers();
      expect((await requestOf(later.body.id)).resumption.discoveries.map(({ tags }) => tags)).toEqual([
        [],
        ['held-back'],
      ]);
    });
  });

  test('every route of theirs was answered', () => {
    expect([...answeredRoutes(worked.api)]).toEqual(
      expect.arrayContaining(documentedRoutes(worked.api, 'continuing')),
    );
  });
});

function shippedTemplate(): Template {
  const known = listTemplates().find(({ template }) => template.name === body.template);
  if (!known) throw new Error('No template is shipped.');
  return known.template;
}

/** Doubles that store what a run that goes on reads. */
async function committing(store: ArtifactStore, template: Template): Promise<Partial<AllActivities>> {
  const { digest } = await store.putJson(template);
  const snapshot = await store.putJson({ version: 1, entries: [] }, mediaType.snapshot);
  const subject = { kind: 'npm', name: 'ejs', version: '1.0.0' } as const;
  const accepted: AcceptedRequest = {
    kind: 'accepted',
    request: {
      template: { name: template.name, version: template.version, digest },
      input: body.input,
      subject,
    },
    captured: { subject, title: 'npm:ejs@1.0.0', snapshot: { digest: snapshot.digest, files: 0, bytes: 0 } },
    classification: {
      category: 'technical',
      complexity: 'moderate',
      agents: 2,
      layers: ['specialist'],
      reasons: ['By its template.'],
    },
    checks: [],
  };
  const assignment: Assignment = {
    kind: 'assignment',
    health: {},
    items: [],
    test: null,
    dependencies: null,
    probes: [],
    budgets: { memoryBytes: 1, processes: 1 },
    graph: workedGraph,
  };
  const manifest = await store.putJson({ manifest: 'of an agent' });
  const staged = async (outcome: unknown) => ({
    outcome: await store.putJson(outcome),
    summary: '',
    facts: null,
  });
  return {
    acceptRequest: () => staged(accepted),
    planWork: async () => ({ ...(await staged(assignment)), facts: { graph: workedGraph } }),
    runAgent: async ({ item }): Promise<ItemResult> =>
      resultOf(item, {
        agent: { id: `agent.${item.id}`, manifest: manifest.digest },
        outcome: await store.putJson({ kind: 'outcome', item: item.id }),
      }),
    stagePackage: async () => ({
      ...(await staged({
        kind: 'package',
        candidate: 'D',
        workspace: accepted.captured.snapshot,
        merge: manifest,
        judgement: manifest,
        validation: manifest,
        insteadOfMerge: null,
        manifest,
        manifestBinary: manifest,
        manifestSchema: manifest,
        files: [],
      })),
      facts: { targets: [] },
    }),
  };
}
