import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunEvent, streamedEventSchema } from '../../libs/contracts/run.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import { LiveStack, sound } from '../support/live-stack.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack.remove());

/** Reads the stream of a run's events to its end, or to where it breaks off; told of each event. */
async function read(
  run: string,
  { after, onEvent }: { after?: string | undefined; onEvent?: (event: RunEvent) => void } = {},
): Promise<RunEvent[]> {
  const answer = await fetch(`${stack.url}/v1/runs/${run}/events`, {
    headers: after === undefined ? {} : { 'last-event-id': after },
  });
  expect(answer.status).toBe(200);
  const events: RunEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = streamedEventSchema.parse(JSON.parse(data));
      // How far items are is told at the moment, and not again.
      if (!('id' in event)) return;
      events.push(event);
      onEvent?.(event);
    },
  });
  try {
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(text);
  } catch (error) {
    // Killed in the middle of it: what came until then counts.
    if (!(error instanceof TypeError)) throw error;
  }
  return events;
}

/** What an event tells, apart from its id, in which the order of arrival shows. */
const told = (events: readonly RunEvent[]): string[] =>
  events.map(({ id: _, ...event }) => JSON.stringify(event)).toSorted();

describe('the events of a run whose API is killed in the middle of the stream', () => {
  let before: RunEvent[];
  let after: RunEvent[];
  let whole: RunEvent[];
  beforeAll(async () => {
    const run = await stack.review(await stack.subject('watched', sound));
    let killing: Promise<number> | undefined;
    before = await read(run, {
      onEvent: ({ phase, kind }) => {
        if (phase === 'execute' && kind === 'activity-completed') killing ??= stack.kill('control');
      },
    });
    await killing;
    await stack.restart('control');
    after = await read(run, { after: before.at(-1)?.id });
    await stack.untilSealed(run);
    whole = await read(run);
  });

  test('are broken off in the middle, and go on to the seal after a reconnect', () => {
    expect(before.length).toBeGreaterThan(0);
    expect(before.map(({ kind }) => kind)).not.toContain('run-closed');
    expect(after.at(-1)?.kind).toBe('sealed');
    console.log(`${before.length} events before the kill, ${after.length} after it, ${whole.length} in all`);
  });

  test('have nothing missing and nothing twice', () => {
    const received = told([...before, ...after]);
    expect(received).toEqual(told(whole));
    expect(new Set([...before, ...after].map(({ id }) => id)).size).toBe(received.length);
  });

  test('tell of every phase', () => {
    const phases = (kind: RunEvent['kind']) =>
      whole.filter((event) => event.kind === kind).map(({ phase }) => phase);
    expect(phases('phase-started')).toEqual(phaseNames);
    expect(phases('phase-closed')).toEqual(phaseNames);
  });
});
