import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { type StreamedEvent, streamedEventSchema } from '../../../libs/contracts/run.js';
import { errors, HeptadError } from '../../../libs/protocol/errors.js';
import { isClosed } from '../exit-code.js';
import type { ApiClient } from './api-client.js';

export interface FollowOptions {
  /** Until the run has closed, or until its evidence is sealed as well. */
  readonly until: 'closed' | 'sealed';
  readonly signal: AbortSignal;
  /** Called with true when the connection is lost, and with false when it is there again. */
  readonly onGap: (lost: boolean) => void;
  /** How long a lost connection is tried again, in milliseconds. Default 60,000. */
  readonly patience?: number;
  /** Between two tries, in milliseconds; the service may ask for another one. Default 1,000. */
  readonly interval?: number;
}

/**
 * The events of a run from its start, each once. A lost connection is made again after the last event that came, so
 * nothing is missing and nothing comes twice. How far items are is told while the connection is there.
 *
 * @throws HeptadError `ApiUnreachable` nothing answered for as long as `patience`; any other code of the service at once
 */
export async function* followRun(
  api: ApiClient,
  run: string,
  options: FollowOptions,
): AsyncGenerator<StreamedEvent> {
  const last = options.until === 'closed' ? 'run-closed' : 'sealed';
  const { signal, patience = 60_000 } = options;
  let interval = options.interval ?? 1_000;
  let after: string | undefined;
  let lostAt: number | undefined;
  for (;;) {
    try {
      const response = await api.events(run, after, signal);
      if (lostAt !== undefined) options.onGap(false);
      lostAt = undefined;
      for await (const event of readEvents(response, (asked) => (interval = asked))) {
        if ('id' in event) after = event.id;
        yield event;
        if (event.kind === last) return;
      }
      // The service says so where nothing can follow any more.
      if (response.status === 204) return;
      if (await isOver(api, run, options.until)) return;
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isTransient(error)) throw error;
      if (lostAt === undefined) options.onGap(true);
      lostAt ??= Date.now();
      if (Date.now() - lostAt >= patience) throw error;
    }
    await pause(interval, undefined, { signal });
  }
}

/** Whether no event will come any more, although the stream did not end with the last one. */
async function isOver(api: ApiClient, run: string, until: FollowOptions['until']): Promise<boolean> {
  const view = await api.run(run);
  return isClosed(view.state) && (until === 'closed' || view.sealed);
}

/** Whether another try may help: the connection broke, or the service says so by its code. */
const isTransient = (error: unknown): boolean =>
  error instanceof HeptadError ? errors[error.code].retryable : error instanceof TypeError;

async function* readEvents(
  response: Response,
  onRetry: (interval: number) => void,
): AsyncGenerator<StreamedEvent> {
  if (response.body === null) return;
  const arrived: StreamedEvent[] = [];
  const parser = createParser({
    onRetry,
    onEvent: ({ data }) => arrived.push(streamedEventSchema.parse(JSON.parse(data))),
  });
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    parser.feed(text);
    yield* arrived.splice(0);
  }
}
