import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseCursor } from '../../../libs/temporal/event-cursor.js';
import { followProgress } from '../../../libs/temporal/follow-progress.js';
import { runEvents } from '../../../libs/temporal/run-events.js';
import { withProgress } from '../../../libs/temporal/with-progress.js';
import type { Dependencies } from '../dependencies.js';
import { eventFrames } from './event-frames.js';
import { openRun } from './run-reading.js';

/**
 * Answers with the events of a run as server-sent events, from after the one that the client names on. The stream
 * ends when nothing can follow; who comes back then is told by 204 to stay away. A connection that breaks is resumed
 * by the client, also against another process. In between it tells how far the items are that run at that moment.
 *
 * @throws HeptadError `RunUnknown`, `InputInvalid` for an id that is none, `EngineUnreachable`
 */
export async function streamEvents(
  {
    dependencies,
    run,
    lastEventId,
  }: { dependencies: Dependencies; run: string; lastEventId: string | undefined },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { engine, logger, metrics } = dependencies;
  const since = lastEventId ? parseCursor(lastEventId) : new Map();
  const { chains } = await openRun(dependencies, run);
  const { past, ended, follow } = await runEvents(chains, run, since);
  if (ended && past.length === 0) {
    await reply.status(204).send();
    return;
  }
  const gone = new AbortController();
  request.raw.socket.once('close', () => gone.abort());
  const until = AbortSignal.any([gone.signal, dependencies.stopping.signal]);
  const following = ended
    ? nothing()
    : withProgress(follow(until), (signal) => followProgress(engine, run, signal), until);
  const stream = Readable.from(eventFrames(past, following));
  metrics.streams.inc();
  stream.once('close', () => metrics.streams.dec());
  stream.once('error', (error) => logger.warn({ err: error, run }, 'A stream of events broke.'));
  until.addEventListener('abort', () => stream.destroy(), { once: true });
  await reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      // Kept alive, the connection would outlast its stream and hold up the end of the API.
      connection: 'close',
    })
    .send(stream);
}

async function* nothing(): AsyncGenerator<never> {}
