import type { ItemProgressed, RunEvent, StreamedEvent } from '../contracts/run.js';
import { Inbox } from './inbox.js';

/**
 * The events of a run with how far its items are in between, until the events end.
 *
 * @param progress what is told until its signal says stop
 * @param signal ends the progress; the events have to be ended by it, too
 */
export async function* withProgress(
  events: AsyncIterable<RunEvent>,
  progress: (signal: AbortSignal) => AsyncIterable<ItemProgressed>,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const stop = new AbortController();
  const inbox = new Inbox<StreamedEvent>();
  const pump = async (source: AsyncIterable<StreamedEvent>): Promise<void> => {
    for await (const event of source) inbox.push(event);
  };
  const told = pump(progress(AbortSignal.any([signal, stop.signal])));
  told.catch((error: unknown) => inbox.fail(error));
  pump(events).then(
    () => inbox.end(),
    (error: unknown) => inbox.fail(error),
  );
  try {
    yield* inbox;
  } finally {
    stop.abort();
    await told.catch(() => undefined);
  }
}
