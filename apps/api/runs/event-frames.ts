import type { RunEvent, StreamedEvent } from '../../../libs/contracts/run.js';

/** Between two signs of life, in milliseconds. */
const heartbeat = 15_000;

/** How soon a client should come back when the connection is lost, in milliseconds. */
const retry = 1000;

/** Events as frames of a `text/event-stream`, with a comment whenever nothing else was sent for a while. */
export async function* eventFrames(
  past: readonly RunEvent[],
  following: AsyncIterable<StreamedEvent>,
  quiet = heartbeat,
): AsyncGenerator<string> {
  yield `retry: ${retry}\n\n`;
  for (const event of past) yield frame(event);
  const events = following[Symbol.asyncIterator]();
  try {
    for (let next = events.next(); ; ) {
      const result = await within(next, quiet);
      if (result === undefined) {
        yield ': alive\n\n';
        continue;
      }
      if (result.done) return;
      yield frame(result.value);
      next = events.next();
    }
  } finally {
    await events.return?.();
  }
}

/**
 * As its JSON has no line breaks, an event is one line of data. An ephemeral one has no id, so a client that comes back
 * names the last one that is kept.
 */
const frame = (event: StreamedEvent): string =>
  `${'id' in event ? `id: ${event.id}\n` : ''}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;

/** What a promise gives within a time in milliseconds, else undefined. */
async function within<T>(promise: Promise<T>, time: number): Promise<T | undefined> {
  const timer = Promise.withResolvers<undefined>();
  const timeout = setTimeout(() => timer.resolve(undefined), time);
  try {
    return await Promise.race([promise, timer.promise]);
  } finally {
    clearTimeout(timeout);
  }
}
