import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { deleteArchive } from '../../../libs/evidence/delete-archive.js';
import { expiredArchives } from '../../../libs/evidence/expired-archives.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { searchAttribute } from '../../../libs/protocol/search-attributes.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';
import { freshSigner } from '../../support/signers.js';
import { body, everyRun, otherBody, WorkedApi } from '../../support/worked-api.js';

describe('starting runs over HTTP', () => {
  let worked: WorkedApi;
  let api: TestApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    api = worked.api;
  });
  afterAll(async () => {
    await worked?.remove();
  });

  test('a request is accepted without any worker, and is then known to the engine', async () => {
    const { status, body: answer } = await api.startRun(body, 'no-worker');
    expect(status).toBe(202);
    expect(answer).toEqual({
      id: runIdOf('local', 'no-worker'),
      state: 'running',
      self: `/v1/runs/${runIdOf('local', 'no-worker')}`,
    });
    const described = await worked.handle(answer.id).describe();
    expect(described.typedSearchAttributes.get(searchAttribute.run)).toBe(answer.id);
    expect(described.typedSearchAttributes.get(searchAttribute.tenant)).toBe('local');
    expect(described.typedSearchAttributes.get(searchAttribute.template)).toBe('repository-review');
    expect(described.typedSearchAttributes.get(searchAttribute.subject)).toBe('npm:ejs@1.0.0');
    expect(await described.staticSummary()).toBe('repository-review: npm:ejs@1.0.0');
    const request = await api.get(
      `/v1/artifacts/${described.typedSearchAttributes.get(searchAttribute.request)}`,
    );
    expect(JSON.parse(request.body)).toEqual(body);
  });

  test('the same key with the same body is the same run, whatever the order of its properties', async () => {
    const id = await worked.accepted('twice');
    const turned = JSON.stringify({ input: body.input, template: body.template });
    const again = await api.send('/v1/runs', turned, { 'idempotency-key': 'twice' });
    expect(again).toMatchObject({ status: 202, body: { id, state: 'running' } });
    const { count } = await worked.environment.client.workflow.count(`WorkflowId = '${workflowId.run(id)}'`);
    expect(count).toBe(1);
  });

  test('the same key with another body is refused, and nothing of it is stored', async () => {
    await worked.accepted('reused');
    const before = await api.stored();
    expect(await api.startRun(otherBody, 'reused')).toMatchObject({
      status: 409,
      body: { code: 'IdempotencyKeyReused' },
    });
    expect(await api.stored()).toEqual(before);
  });

  test('twenty requests with one key at once start one run', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.startRun(body, 'at-once')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
  });

  test('a run that has ended is still the answer to its key, and its key is still taken', async () => {
    await worked.working({}, async () => {
      const id = await worked.accepted('ended');
      await worked.sealed(id);
      expect(await api.startRun(body, 'ended')).toMatchObject({
        status: 202,
        body: { id, state: 'completed' },
      });
      expect(await api.startRun(otherBody, 'ended')).toMatchObject({ status: 409 });
      expect(
        await worked.environment.client.workflow.count(`WorkflowId = '${workflowId.run(id)}'`),
      ).toMatchObject({
        count: 1,
      });
    });
  });

  test('a run that the engine has dropped is answered from its seal, and never started again', async () => {
    await worked.working({}, async () => {
      const id = await worked.accepted('dropped');
      await worked.sealed(id);
      const before = (await api.get(`/v1/runs/${id}`)).body;
      const artifacts = (await api.get(`/v1/runs/${id}/artifacts`)).body;
      // An engine that remembers nothing, on the same data folder.
      const forgetful = await engineServer();
      const later = await TestApi.start(forgetful, { data: api.config.data });
      try {
        expect(await later.startRun(body, 'dropped')).toMatchObject({
          status: 202,
          body: { id, state: 'completed' },
        });
        expect(await later.startRun(otherBody, 'dropped')).toMatchObject({ status: 409 });
        expect(await forgetful.client.workflow.count()).toMatchObject({ count: 0 });
        const { body: view } = await later.get(`/v1/runs/${id}`);
        expect(view).toEqual({ ...before, startedAt: view.startedAt, closedAt: view.closedAt });
        expect((await later.get(`/v1/runs/${id}/artifacts`)).body).toEqual(artifacts);
        expect((await later.get(`/v1/runs/${id}/events`)).body).toContain('event: run-closed');
        for (const verb of ['pause', 'resume', 'cancel'])
          expect((await later.send(`/v1/runs/${id}/${verb}`, '{}')).body.code).toBe('RunClosed');
        expect(await everyRun(later)).toContain(id);
        expect(await everyRun(later, '?state=failed')).not.toContain(id);

        const { artifacts: folder, packages } = paths(api.config);
        const store = openStore(folder);
        const order = { release: freshSigner('release'), policy: '90 days', by: 'ada@here' };
        for (const archive of await expiredArchives(store, 90, Date.now() + 91 * 24 * 3600 * 1000))
          if (archive.run === id) await deleteArchive({ store, packages }, archive, order);
        const gone = { status: 410, body: { code: 'ArchiveDeleted' } };
        const answer = await later.get(`/v1/runs/${id}`);
        expect(answer).toMatchObject(gone);
        expect(answer.body.detail).toMatch(/was deleted at 20.*: archives are kept for 90 days/);
        expect(await later.get(`/v1/runs/${id}/artifacts`)).toMatchObject(gone);
        expect(await later.send(`/v1/runs/${id}/pause`, '{}')).toMatchObject(gone);
        expect(await later.startRun(body, 'dropped')).toMatchObject(gone);
        expect(await forgetful.client.workflow.count()).toMatchObject({ count: 0 });
      } finally {
        await later.stop();
        await forgetful.teardown();
      }
    });
  });
});

describe('an API whose engine is away', () => {
  test('says so, and accepts nothing', async () => {
    const environment = await engineServer();
    const api = await TestApi.start(environment);
    try {
      expect((await api.get('/readyz')).body).toEqual({ ready: true, engine: 'answers', store: 'answers' });
      await environment.teardown();
      const ready = await api.get('/readyz');
      expect(ready).toMatchObject({ status: 503, body: { ready: false, store: 'answers' } });
      expect(ready.body.engine).toContain(environment.address);
      expect((await api.get('/healthz')).status).toBe(200);
      const refused = await api.startRun(body, 'away');
      expect(refused).toMatchObject({ status: 503, body: { code: 'EngineUnreachable' } });
      expect(refused.body.detail).toContain(environment.address);
      await rm(`${api.config.data}/artifacts`, { recursive: true });
    } finally {
      await api.remove();
    }
  });
});
