import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventFrames } from '../../../apps/api/runs/event-frames.js';
import { type ItemProgressed, type RunEvent, streamedEventSchema } from '../../../libs/contracts/run.js';
import { activityDoubles, agentItem, graphOf, refTo, resultOf } from '../../support/activity-doubles.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';
import { withWorkers } from '../../workflows/support/workers.js';

const graph = graphOf(agentItem('look'), agentItem('mend', { after: ['look'] }));
const body = { template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } };

describe('the stream of events', () => {
  let environment: TestWorkflowEnvironment;
  let api: TestApi;
  beforeAll(async () => {
    environment = await engineServer();
    api = await TestApi.start(environment);
  });
  afterAll(async () => {
    await api?.remove();
    await environment?.teardown();
  });

  /** Opens a stream and reads it until it ends, breaks, or what it gave is enough. */
  async function read(
    id: string,
    after?: string,
    enough?: (event: RunEvent) => boolean,
    progressed?: (event: ItemProgressed) => void,
  ): Promise<RunEvent[]> {
    const leaving = new AbortController();
    const response = await fetch(`${api.url}/v1/runs/${id}/events`, {
      headers: { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) },
      signal: leaving.signal,
    });
    if (response.status === 204) return [];
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events: RunEvent[] = [];
    const parser = createParser({
      onEvent: ({ id: eventId, event: kind, data }) => {
        const event = streamedEventSchema.parse(JSON.parse(data));
        expect(kind).toBe(event.kind);
        if ('id' in event) {
          expect(eventId).toBe(event.id);
          events.push(event);
        } else {
          expect(eventId).toBeUndefined();
          progressed?.(event);
        }
      },
    });
    try {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        parser.feed(text);
        const last = events.findIndex((event) => enough?.(event));
        if (last >= 0) {
          leaving.abort();
          return events.slice(0, last + 1);
        }
      }
    } catch (error) {
      // The service broke off: what came until then counts.
      if (!(error instanceof TypeError)) throw error;
    }
    return events;
  }

  const contentOf = (events: readonly RunEvent[]): string[] =>
    events.map(({ at, kind, phase, says }) => [at, kind, phase, says].join(' | ')).sort();

  async function started(key: string): Promise<string> {
    const answer = await api.startRun(body, key);
    expect(answer.status).toBe(202);
    return answer.body.id;
  }

  test('resumed against another process of the API has nothing missing and nothing twice', async () => {
    const gate = Promise.withResolvers<void>();
    const doubles = activityDoubles(graph, {
      runAgent: async ({ item }) => {
        if (item.id === 'mend') await gate.promise;
        return resultOf(item);
      },
    });
    await withWorkers(environment, doubles.of, async () => {
      const id = await started('killed');
      const reached = Promise.withResolvers<void>();
      const reading = read(id, undefined, ({ kind, item }) => {
        if (kind === 'activity-completed' && item === 'look') reached.resolve();
        return false;
      });
      await reached.promise;
      await api.stop();
      const first = await reading;
      expect(first.at(-1)?.kind).not.toBe('sealed');

      api = await api.again();
      const second = read(id, first.at(-1)?.id);
      gate.resolve();
      const events = [...first, ...(await second)];
      expect(events.at(-1)?.kind).toBe('sealed');
      expect(contentOf(events)).toEqual(contentOf(await read(id)));
      expect(await read(id, events.at(-1)?.id)).toEqual([]);
    });
  });

  test('of a run that has ended is over: who has all of it is told not to come back', async () => {
    await withWorkers(environment, activityDoubles(graph).of, async () => {
      const id = await started('over');
      const events = await read(id);
      const answer = await api.get(`/v1/runs/${id}/events`, { 'last-event-id': events.at(-1)?.id ?? '' });
      expect(answer).toMatchObject({ status: 204, body: '' });
    });
  });

  test('tells how far an item is and what it says of it, without an id, and only to who follows', async () => {
    const gate = Promise.withResolvers<void>();
    const half = Promise.withResolvers<void>();
    const doubles = activityDoubles(graph, {
      runAgent: async ({ item }) => {
        if (item.id === 'look') {
          const step = { step: refTo('step').digest, milestone: 'prepared', percent: 20 };
          Context.current().heartbeat({ ...step, partial: { tests: 1 } });
          await half.promise;
          Context.current().heartbeat({ ...step, partial: { tests: 2 } });
          await gate.promise;
        }
        return resultOf(item);
      },
    });
    await withWorkers(environment, doubles.of, async () => {
      const id = await started('progress');
      const told: ItemProgressed[] = [];
      const events = await read(id, undefined, undefined, (event) => {
        told.push(event);
        if (told.length === 1) half.resolve();
        else gate.resolve();
      });
      expect(told).toMatchObject([
        {
          item: 'look',
          says: 'look is at 20 %: prepared; it says {"tests":1}.',
          progress: { milestone: 'prepared', percent: 20, partial: { tests: 1 } },
        },
        { item: 'look', progress: { partial: { tests: 2 } } },
      ]);
      const again: ItemProgressed[] = [];
      expect(contentOf(await read(id, undefined, undefined, (event) => again.push(event)))).toEqual(
        contentOf(events),
      );
      expect(again).toEqual([]);
    });
  });

  test('ends when its reader leaves', async () => {
    const id = await started('left');
    const open = async (): Promise<string> =>
      /heptad_event_streams (\d+)/.exec((await api.get('/metrics')).body)?.[1] ?? '';
    const reading = new AbortController();
    const response = await fetch(`${api.url}/v1/runs/${id}/events`, { signal: reading.signal });
    expect(response.status).toBe(200);
    expect(await open()).not.toBe('0');
    reading.abort();
    await vi.waitFor(async () => expect(await open()).toBe('0'), { timeout: 10_000 });
  });

  test.each(['nonsense', '0.0', '9.0.1', '0.0.1-', "0.0.1' OR 1", '0.0.99999999999'])(
    'after the id %j is refused',
    async (id) => {
      const run = await started('refused');
      expect(await api.get(`/v1/runs/${run}/events`, { 'last-event-id': id })).toMatchObject({
        status: 400,
        body: { code: 'InputInvalid', problems: [{ path: 'Last-Event-ID' }] },
      });
    },
  );
});

describe('frames of a stream', () => {
  test('say that they live while nothing happens, and end with the events', async () => {
    const event: RunEvent = {
      id: '0.0.1',
      at: '2026-01-05T09:00:00.000Z',
      kind: 'run-started',
      phase: null,
      item: null,
      says: 'The run started.',
      failure: null,
    };
    const gate = Promise.withResolvers<void>();
    const following = (async function* () {
      await gate.promise;
      yield { ...event, id: '0.0.2' };
    })();
    const frames: string[] = [];
    for await (const frame of eventFrames([event], following, 5)) {
      frames.push(frame);
      if (frame === ': alive\n\n') gate.resolve();
    }
    expect(frames[0]).toBe('retry: 1000\n\n');
    expect(frames[1]).toBe(`id: 0.0.1\nevent: run-started\ndata: ${JSON.stringify(event)}\n\n`);
    expect(frames).toContain(': alive\n\n');
    expect(frames.at(-1)).toMatch(/^id: 0\.0\.2\n/);
  });
});
