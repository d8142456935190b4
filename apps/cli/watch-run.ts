import type { RunView, StreamedEvent } from '../../libs/contracts/run.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import type { ApiClient } from './client/api-client.js';
import { followRun } from './client/follow-run.js';
import { Latest } from './latest.js';
import { eventLine } from './render/event-line.js';
import { progress } from './render/progress.js';
import type { Terminal } from './terminal.js';

export interface WatchOptions {
  readonly until: 'closed' | 'sealed';
  readonly signal: AbortSignal;
  /** `live` draws the run's state again and again, `lines` prints a line per event, `json` an object per event. */
  readonly as: 'live' | 'lines' | 'json' | 'nothing';
}

/** Shows a run until it has ended, and gives back how it ended. */
export async function watchRun(
  api: ApiClient,
  run: string,
  terminal: Terminal,
  options: WatchOptions,
): Promise<RunView> {
  if (options.as === 'live') return watchLive(api, run, terminal, options);
  const write = writer(terminal, options.as);
  const onGap = (lost: boolean): void => {
    if (options.as !== 'nothing') terminal.err(lost ? lostLine : 'The connection is there again.');
  };
  for await (const event of followRun(api, run, { ...options, onGap })) write(event);
  return api.run(run);
}

function writer(terminal: Terminal, as: WatchOptions['as']): (event: StreamedEvent) => void {
  if (as === 'lines') return (event) => terminal.out(eventLine(event));
  if (as === 'json') return (event) => terminal.out(JSON.stringify(event));
  return () => {};
}

const lostLine = 'The connection to the service is lost; it is tried again.';

/** Milliseconds between two readings of the run's state at least, whatever number of events arrives. */
const readingInterval = 400;

async function watchLive(
  api: ApiClient,
  run: string,
  terminal: Terminal,
  options: WatchOptions,
): Promise<RunView> {
  // Only a terminal needs it, and no other command is to wait for it.
  const { createLogUpdate } = await import('log-update');
  const screen = createLogUpdate(terminal.stream);
  let [view, work] = await Promise.all([api.run(run), api.progress(run)]);
  let note: string | null = null;
  const draw = (): void => {
    const { columns, rows, colors } = terminal;
    screen(progress(view, { now: Date.now(), columns, rows, colors, note, work }));
  };
  const latest = new Latest(async () => {
    try {
      [view, work] = await Promise.all([api.run(run), api.progress(run)]);
    } catch (error) {
      // The stream of events notices a lost connection too, and it is the one that makes it again or gives up.
      if (!(error instanceof HeptadError)) throw error;
    }
    draw();
  }, readingInterval);
  const clock = setInterval(draw, 1_000);
  const onGap = (lost: boolean): void => {
    note = lost ? lostLine : null;
    draw();
  };
  try {
    draw();
    for await (const _ of followRun(api, run, { ...options, onGap })) latest.ask();
    await latest.settled();
    [view, work] = await Promise.all([api.run(run), api.progress(run)]);
    note = null;
    draw();
    return view;
  } finally {
    clearInterval(clock);
    latest.stop();
    screen.done();
    terminal.out('');
  }
}
