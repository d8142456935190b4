import { rm } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runViewSchema } from '../../../libs/contracts/run.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { searchAttribute } from '../../../libs/protocol/search-attributes.js';
import type { Engine } from '../../../libs/temporal/connect.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import {
  type AllActivities,
  activityDoubles,
  agentItem,
  graphOf,
  resultOf,
} from '../../support/activity-doubles.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';
import { engineOf } from '../../support/engine-of.js';
import { storedDoubles } from '../../support/stored-doubles.js';
import { withWorkers } from '../../workflows/support/workers.js';

const graph = graphOf(agentItem('look'), agentItem('mend', { after: ['look'] }));
const body = { template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } };
const other = { template: 'repository-review', input: { subject: 'npm:ejs@2.0.0' } };

describe('runs over HTTP', () => {
  let environment: TestWorkflowEnvironment;
  let engine: Engine;
  let api: TestApi;
  beforeAll(async () => {
    environment = await engineServer();
    engine = await engineOf(environment);
    api = await TestApi.start(environment);
  });
  afterAll(async () => {
    await api?.remove();
    await engine?.close();
    await environment?.teardown();
  });

  const working = (replaced: Partial<AllActivities>, test: () => Promise<void>): Promise<void> =>
    withWorkers(
      environment,
      activityDoubles(graph, { ...storedDoubles(api.config, engine, graph), ...replaced }).of,
      test,
    );

  const handle = (id: string) => environment.client.workflow.getHandle(workflowId.run(id));

  async function accepted(key: string): Promise<string> {
    const answer = await api.startRun(body, key);
    expect(answer.status).toBe(202);
    return answer.body.id;
  }

  const sealed = (id: string): Promise<void> =>
    vi.waitFor(async () => expect((await api.get(`/v1/runs/${id}`)).body.sealed).toBe(true), {
      timeout: 20_000,
    });

  test('a request is accepted without any worker, and is then known to the engine', async () => {
    const { status, body: answer } = await api.startRun(body, 'no-worker');
    expect(status).toBe(202);
    expect(answer).toEqual({
      id: runIdOf('local', 'no-worker'),
      state: 'running',
      self: `/v1/runs/${runIdOf('local', 'no-worker')}`,
    });
    const described = await handle(answer.id).describe();
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
    const id = await accepted('twice');
    const turned = JSON.stringify({ input: body.input, template: body.template });
    const again = await api.send('/v1/runs', turned, { 'idempotency-key': 'twice' });
    expect(again).toMatchObject({ status: 202, body: { id, state: 'running' } });
    const { count } = await environment.client.workflow.count(`WorkflowId = '${workflowId.run(id)}'`);
    expect(count).toBe(1);
  });

  test('the same key with another body is refused', async () => {
    await accepted('reused');
    expect(await api.startRun(other, 'reused')).toMatchObject({
      status: 409,
      body: { code: 'IdempotencyKeyReused' },
    });
  });

  test('twenty requests with one key at once start one run', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.startRun(body, 'at-once')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
  });

  test('without workers a run is shown with all that is written down, and what needs one is marked', async () => {
    const id = await accepted('unworked');
    const { body: view } = await api.get(`/v1/runs/${id}`);
    expect(view).toMatchObject({
      id,
      state: 'running',
      template: 'repository-review',
      subject: 'npm:ejs@1.0.0',
      items: null,
      itemsUnavailable: 'Execute has not begun.',
      sealed: false,
      package: null,
      closedAt: null,
    });
    expect(view.phases.map(({ state }: { state: string }) => state)).toEqual(phaseNames.map(() => 'pending'));
    expect(
      (await api.get(`/v1/runs/${id}/artifacts`)).body.artifacts.map(({ name }: { name: string }) => name),
    ).toEqual(['request.json']);
  });

  test('a run that went through is shown with its phases, items, package and artifacts', async () => {
    await working({}, async () => {
      const id = await accepted('whole');
      await sealed(id);
      const { body: view } = await api.get(`/v1/runs/${id}`);
      expect(view).toMatchObject({
        state: 'completed',
        decision: 'PROCEED',
        phase: 'conclude',
        failure: null,
        itemsUnavailable: null,
        package: expect.stringContaining(`run-${id}`),
      });
      expect(view.phases.map(({ phase, state }: { phase: string; state: string }) => [phase, state])).toEqual(
        phaseNames.map((name) => [name, 'completed']),
      );
      expect(view.items).toMatchObject([
        { id: 'look', status: 'completed', agent: 'agent.look', summary: 'look done' },
        { id: 'mend', status: 'completed', agent: 'agent.mend', summary: 'mend done' },
      ]);
      for (const { startedAt, endedAt } of view.items) expect(startedAt <= endedAt).toBe(true);

      const { body: listed } = await api.get(`/v1/runs/${id}/artifacts`);
      const names: string[] = listed.artifacts.map(({ name }: { name: string }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          'request.json',
          ...phaseNames.flatMap((name) => [
            `${name}/outcome.json`,
            `${name}/record.json`,
            `${name}/verdict-A.json`,
          ]),
          'execute/verdict-B.json',
          'execute/verdict-C.json',
          'execute/look.json',
          'execute/mend.json',
          'seal.json',
        ]),
      );
      expect(new Set(names).size).toBe(names.length);
      const seal = listed.artifacts.find(({ name }: { name: string }) => name === 'seal.json');
      expect(JSON.parse((await api.get(`/v1/artifacts/${seal.digest}`)).body)).toMatchObject({
        run: id,
        by: 'conclude',
      });
    });
  });

  test('a run that failed is shown with the code and sentence, in the phase too', async () => {
    const failing = activityFailure('PackageUnknown', 'The registry has no npm:ejs@1.0.0.');
    await working({ captureSubject: failing }, async () => {
      const id = await accepted('fails');
      await sealed(id);
      const { body: view } = await api.get(`/v1/runs/${id}`);
      const failure = { code: 'PackageUnknown', message: 'The registry has no npm:ejs@1.0.0.' };
      expect(view).toMatchObject({ state: 'failed', failure });
      expect(view.phases[0]).toMatchObject({ phase: 'ingest', state: 'failed', failure });
      expect(view.phases[1]).toMatchObject({ phase: 'assign', state: 'pending' });
      expect(view.phases[6]).toMatchObject({ phase: 'conclude', state: 'completed' });
      const { body: listed } = await api.get(`/v1/runs/${id}/artifacts`);
      expect(listed.artifacts.map(({ name }: { name: string }) => name)).toContain('ingest/record.json');
    });
  });

  test('a run that has ended is still the answer to its key, and its key is still taken', async () => {
    await working({}, async () => {
      const id = await accepted('ended');
      await sealed(id);
      expect(await api.startRun(body, 'ended')).toMatchObject({
        status: 202,
        body: { id, state: 'completed' },
      });
      expect(await api.startRun(other, 'ended')).toMatchObject({ status: 409 });
      expect(await environment.client.workflow.count(`WorkflowId = '${workflowId.run(id)}'`)).toMatchObject({
        count: 1,
      });
    });
  });

  test('a run that the engine has dropped is answered from its seal, and never started again', async () => {
    await working({}, async () => {
      const id = await accepted('dropped');
      await sealed(id);
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
        expect(await later.startRun(other, 'dropped')).toMatchObject({ status: 409 });
        expect(await forgetful.client.workflow.count()).toMatchObject({ count: 0 });
        const { body: view } = await later.get(`/v1/runs/${id}`);
        expect(view).toEqual({ ...before, startedAt: view.startedAt, closedAt: view.closedAt });
        expect((await later.get(`/v1/runs/${id}/artifacts`)).body).toEqual(artifacts);
        expect((await later.get(`/v1/runs/${id}/events`)).body).toContain('event: run-closed');
        for (const verb of ['pause', 'resume', 'cancel'])
          expect((await later.send(`/v1/runs/${id}/${verb}`, '{}')).body.code).toBe('RunClosed');
        expect(await everyRun(later)).toContain(id);
        expect(await everyRun(later, '?state=failed')).not.toContain(id);
      } finally {
        await later.stop();
        await forgetful.teardown();
      }
    });
  });

  async function everyRun(of: TestApi, query = ''): Promise<string[]> {
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

  test('pages list each run once, and filters choose among them', async () => {
    const open = await accepted('open');
    await vi.waitFor(async () => expect(await everyRun(api)).toContain(open));
    const ids = await everyRun(api);
    expect(new Set(ids).size).toBe(ids.length);
    const completed = await everyRun(api, '?state=completed');
    const failed = await everyRun(api, '?state=failed');
    const running = await everyRun(api, '?state=running');
    expect(completed).toContain(runIdOf('local', 'whole'));
    expect(failed).toEqual([runIdOf('local', 'fails')]);
    expect(running).toEqual([open]);
    expect([...completed, ...failed, ...running].sort()).toEqual([...ids].sort());
    expect(await everyRun(api, '?template=other')).toEqual([]);
    expect(await everyRun(api, '?tenant=local')).toHaveLength(ids.length);
    expect(await everyRun(api, '?tenant=other')).toEqual([]);
  });

  test('a cursor that was altered is refused', async () => {
    const { body: page } = await api.get('/v1/runs?limit=1');
    const altered = `${page.next.slice(0, -2)}${page.next.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await api.get(`/v1/runs?cursor=${altered}`)).toMatchObject({
      status: 400,
      body: { code: 'InputInvalid' },
    });
  });

  test('a running item is shown while a worker answers', async () => {
    const gate = Promise.withResolvers<void>();
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      await gate.promise;
      return resultOf(item);
    };
    const id = await accepted('items');
    await working({ runAgent }, async () => {
      await vi.waitFor(
        async () => {
          const { body: view } = await api.get(`/v1/runs/${id}`);
          expect(view.items?.map(({ status }: { status: string }) => status)).toEqual(['running', 'pending']);
        },
        { timeout: 20_000 },
      );
      gate.resolve();
      await sealed(id);
    });
  });

  test('steering is answered with the run as it is then, and is refused once it has ended', async () => {
    const gate = Promise.withResolvers<void>();
    const captureSubject: AllActivities['captureSubject'] = async () => {
      await gate.promise;
      return (await activityDoubles(graph).of('control').captureSubject?.()) as {
        captured: never;
        title: string;
      };
    };
    await working({ captureSubject }, async () => {
      const id = await accepted('steered');
      const state = async (): Promise<string> => (await api.get(`/v1/runs/${id}`)).body.state;
      await vi.waitFor(async () => expect((await api.get(`/v1/runs/${id}`)).body.phase).toBe('ingest'));
      const { status, body: view } = await api.send(`/v1/runs/${id}/pause`, '{}');
      expect(status).toBe(202);
      expect(runViewSchema.parse(view).id).toBe(id);
      await vi.waitFor(async () => expect(await state()).toBe('pausing'));
      gate.resolve();
      await vi.waitFor(async () => expect(await state()).toBe('paused'));
      expect((await api.ask('POST', `/v1/runs/${id}/resume`)).status).toBe(202);
      await vi.waitFor(async () => expect(await state()).not.toBe('paused'));
      expect((await api.send(`/v1/runs/${id}/cancel`, '{}')).status).toBe(202);
      await vi.waitFor(async () => expect(['cancelled', 'completed']).toContain(await state()), {
        timeout: 20_000,
      });
      for (const verb of ['pause', 'resume'])
        expect(await api.send(`/v1/runs/${id}/${verb}`, '{}')).toMatchObject({
          status: 409,
          body: { code: 'RunClosed' },
        });
    });
  });

  test('an artifact is a download whose ETag is its digest', async () => {
    const id = await accepted('artifact');
    const { body: listed } = await api.get(`/v1/runs/${id}/artifacts`);
    const [request] = listed.artifacts;
    const answer = await api.get(`/v1/artifacts/${request.digest}`);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-length')).toBe(String(request.size));
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).toBe(`"${request.digest}"`);
    expect(await api.get(`/v1/artifacts/${request.digest}`, { 'if-none-match': etag })).toMatchObject({
      status: 304,
      body: '',
    });
  });

  test('every route of the document answers as it says', async () => {
    await api.get('/readyz');
    await api.get('/healthz');
    await api.get('/metrics');
    await api.get('/openapi.json');
    await api.get('/v1/templates');
    await api.get('/v1/templates/repository-review');
    await api.get('/v1/agents');
    await api.get(`/v1/runs/${runIdOf('local', 'whole')}/events`);
    const answered = new Set(
      [...api.asked].filter((line) => / 2\d\d$/.test(line)).map((line) => line.slice(0, -4)),
    );
    const documented = Object.entries(api.contract.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...answered].sort()).toEqual(documented.sort());
  });

  test('metrics count requests by route, never by id', async () => {
    await api.get(`/v1/runs/${runIdOf('local', 'no-worker')}`);
    const { body: text } = await api.get('/metrics');
    expect(text).toMatch(
      /heptad_http_request_duration_seconds_count\{method="GET",route="\/v1\/runs\/:id",status="200"\} \d+/,
    );
    expect(text).toMatch(/heptad_event_loop_delay_seconds\{quantile="0.99"\} \d/);
    expect(text).not.toContain(runIdOf('local', 'no-worker'));
  });
});

function activityFailure(code: string, message: string): () => Promise<never> {
  return async () => {
    const { ApplicationFailure } = await import('@temporalio/common');
    throw ApplicationFailure.nonRetryable(message, code, []);
  };
}

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
