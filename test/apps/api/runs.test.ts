import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runViewSchema } from '../../../libs/contracts/run.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import { type AllActivities, activityDoubles, refTo, resultOf } from '../../support/activity-doubles.js';
import type { TestApi } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { freshSigner } from '../../support/signers.js';
import { register, rejecting, waitingRun, waiverOf } from '../../support/waiting-run.js';
import { activityFailure, body, WorkedApi, workedGraph } from '../../support/worked-api.js';

describe('runs over HTTP', () => {
  let worked: WorkedApi;
  let api: TestApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    api = worked.api;
  });
  afterAll(async () => {
    await worked?.remove();
  });

  const itemsAre = (id: string, statuses: readonly string[]): Promise<void> =>
    vi.waitFor(
      async () => {
        const { body: view } = await api.get(`/v1/runs/${id}`);
        expect(view.items?.map(({ status }: { status: string }) => status)).toEqual(statuses);
      },
      { timeout: 20_000 },
    );

  test('without workers a run is shown with all that is written down, and what needs one is marked', async () => {
    const id = await worked.accepted('unworked');
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
    await worked.working({}, async () => {
      const id = await worked.accepted('whole');
      await worked.sealed(id);
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
    await worked.working({ captureSubject: failing }, async () => {
      const id = await worked.accepted('fails');
      await worked.sealed(id);
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

  test('a running item is shown while a worker answers, with what it has proven', async () => {
    const gate = Promise.withResolvers<void>();
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      Context.current().heartbeat({ step: refTo('step').digest, milestone: 'half', percent: 50 });
      await gate.promise;
      return resultOf(item);
    };
    const id = await worked.accepted('items');
    await worked.working({ runAgent }, async () => {
      await itemsAre(id, ['running', 'pending']);
      await vi.waitFor(async () =>
        expect((await api.get(`/v1/runs/${id}`)).body.items).toMatchObject([
          { id: 'look', progress: { milestone: 'half', percent: 50 } },
          { id: 'mend', progress: null },
        ]),
      );
      gate.resolve();
      await worked.sealed(id);
    });
  });

  test('what a run had not settled when it was terminated is cancelled from then on', async () => {
    const gate = Promise.withResolvers<void>();
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      await gate.promise;
      return resultOf(item);
    };
    await worked.working({ runAgent }, async () => {
      const id = await worked.accepted('terminated');
      await itemsAre(id, ['running', 'pending']);
      await worked.handle(id).terminate('A test says so.');
      await itemsAre(id, ['cancelled', 'cancelled']);
      const { body: view } = await api.get(`/v1/runs/${id}`);
      expect(view).toMatchObject({ state: 'terminated', closedAt: expect.any(String) });
      for (const item of view.items)
        expect(item).toMatchObject({ code: 'Terminated', endedAt: view.closedAt });
      gate.resolve();
    });
  });

  test('what a run had not settled when it was cancelled is cancelled from then on', async () => {
    const gate = Promise.withResolvers<void>();
    const runAgent: AllActivities['runAgent'] = async ({ item }) => {
      const context = Context.current();
      // It lives for as long as it is asked after, so that it is not taken for dead.
      const beat = setInterval(() => context.heartbeat(), 100);
      await gate.promise.finally(() => clearInterval(beat));
      return resultOf(item);
    };
    await worked.working({ runAgent }, async () => {
      const id = await worked.accepted('cancelled');
      await itemsAre(id, ['running', 'pending']);
      expect((await api.send(`/v1/runs/${id}/cancel`, '{}')).status).toBe(202);
      const execute = worked.environment.client.workflow.getHandle(workflowId.phase(id, 'execute'));
      await vi.waitFor(async () => {
        const { events } = await execute.fetchHistory();
        expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
      });
      gate.resolve();
      await worked.sealed(id);
      const { body: view } = await api.get(`/v1/runs/${id}`);
      expect(view.state).toBe('cancelled');
      const { state, endedAt } = view.phases[2];
      expect(state).toBe('cancelled');
      expect(view.items[1]).toMatchObject({ id: 'mend', status: 'cancelled', code: 'Cancelled', endedAt });
    });
  });

  test('steering is answered with the run as it is then, and is refused once it has ended', async () => {
    const gate = Promise.withResolvers<void>();
    const captureSubject: AllActivities['captureSubject'] = async () => {
      await gate.promise;
      return (await activityDoubles(workedGraph).of('control').captureSubject?.()) as {
        captured: never;
        title: string;
      };
    };
    await worked.working({ captureSubject }, async () => {
      const id = await worked.accepted('steered');
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

  test('a run that goes step by step does what it is let, and not what a person skips', async () => {
    await worked.working({}, async () => {
      const started = async (key: string): Promise<string> =>
        (await api.startRun({ ...body, stepwise: true }, key)).body.id;
      const allow = async (id: string, what: string) =>
        expect((await api.ask('POST', `/v1/runs/${id}/${what}`)).status).toBe(202);

      const skipped = await started('stepwise');
      await itemsAre(skipped, ['ready', 'pending']);
      await allow(skipped, 'execute-next');
      await itemsAre(skipped, ['completed', 'ready']);
      const decision = { item: 'mend', decision: 'skip', by: 'ada', reason: 'It is mended by hand.' };
      expect((await api.send(`/v1/runs/${skipped}/decisions`, JSON.stringify(decision))).status).toBe(202);
      await itemsAre(skipped, ['completed', 'skipped']);

      const whole = await started('stepwise-whole');
      await itemsAre(whole, ['ready', 'pending']);
      await allow(whole, 'execute-parallel');
      await itemsAre(whole, ['completed', 'ready']);
      await allow(whole, 'execute');
      await worked.sealed(whole);
      await itemsAre(whole, ['completed', 'completed']);
    });
  });

  test('a run that waits for a person takes a waiver that one has signed', async () => {
    const ada = freshSigner('person:ada');
    await register(worked, ada);
    await rejecting(worked, async () => {
      const { id, awaited } = await waitingRun(worked, 'waits');
      const waiver = JSON.stringify(waiverOf(ada, id, awaited));
      expect((await api.send(`/v1/runs/${id}/waivers`, waiver)).status).toBe(202);
    });
  });

  test('an artifact is a download whose ETag is its digest', async () => {
    const id = await worked.accepted('artifact');
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
    await api.startRun(body, 'every-route');
    await api.get('/v1/runs');
    await api.get('/problems/RunUnknown');
    await api.get('/readyz');
    await api.get('/healthz');
    await api.get('/metrics');
    await api.get('/openapi.json');
    await api.get('/v1/templates');
    await api.get('/v1/templates/repository-review');
    await api.get('/v1/agents');
    await api.get(`/v1/runs/${runIdOf('local', 'whole')}/events`);
    expect([...answeredRoutes(api)].sort()).toEqual(documentedRoutes(api, 'run'));
  });

  test('metrics count requests by route, never by id', async () => {
    await api.get(`/v1/runs/${runIdOf('local', 'unworked')}`);
    const { body: text } = await api.get('/metrics');
    expect(text).toMatch(
      /heptad_http_request_duration_seconds_count\{method="GET",route="\/v1\/runs\/:id",status="200"\} \d+/,
    );
    expect(text).toMatch(/heptad_event_loop_delay_seconds\{quantile="0.99"\} \d/);
    expect(text).not.toContain(runIdOf('local', 'unworked'));
  });
});
