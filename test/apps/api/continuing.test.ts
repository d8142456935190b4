import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { mediaType } from '../../../libs/artifacts/media-types.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import type { ItemResult } from '../../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment } from '../../../libs/contracts/phase.js';
import { startRunSchema } from '../../../libs/contracts/request.js';
import { type RollbackPoint, resumptionSchema } from '../../../libs/contracts/resumption.js';
import { listTemplates } from '../../../libs/templates/load.js';
import { type AllActivities, resultOf } from '../../support/activity-doubles.js';
import type { Answer } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { body, WorkedApi, workedGraph } from '../../support/worked-api.js';

describe('starting runs from what others committed', () => {
  let worked: WorkedApi;
  let store: ArtifactStore;
  let known: Partial<AllActivities>;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    store = openStore(paths(worked.api.config).artifacts);
    known = await committing(store);
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

  test('every route of theirs was answered', () => {
    // What a run left is found by a whole one only.
    const answered = documentedRoutes(worked.api, 'continuing').filter(
      (route) => !route.endsWith('/continue'),
    );
    expect([...answeredRoutes(worked.api)]).toEqual(expect.arrayContaining(answered));
  });
});

/** Doubles that store what a run that goes on reads. */
async function committing(store: ArtifactStore): Promise<Partial<AllActivities>> {
  const known = listTemplates().find(({ template }) => template.name === body.template);
  if (!known) throw new Error('No template is shipped.');
  const { template, digest } = known;
  await store.putJson(template);
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
