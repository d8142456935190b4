import type { RunEvent } from '../contracts/run.js';
import { workflowId } from '../protocol/names.js';
import { phaseNames } from '../protocol/phases.js';
import type { ChainEvent, Chains } from './chains.js';
import { timeOfEvent } from './chains.js';
import { formatCursor, isBehind, type Position, type Positions } from './event-cursor.js';
import { Inbox } from './inbox.js';
import { EventReader, sealHistory } from './to-run-event.js';

/** An event with where it was read: what its cursor is made from. */
interface Placed {
  readonly history: number;
  readonly position: Position;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: Omit<RunEvent, 'id'>;
}

export interface RunEvents {
  /** What has happened since the cursor, in the order in which it happened. */
  readonly past: readonly RunEvent[];
  /** Whether nothing will follow: the run has closed, and so has its seal if there is one. */
  readonly ended: boolean;
  /**
   * What happens from then on, until the run and its seal have closed or the signal says stop.
   *
   * @throws HeptadError `EngineUnreachable`; who comes back with the last id goes on where it was
   */
  follow(signal: AbortSignal): AsyncIterable<RunEvent>;
}

/**
 * The events of a run since a cursor, derived from the histories of `run`, its phases and its seal. Events of one
 * history keep their order; `run-closed` comes after the phases' and `sealed` last.
 */
export async function runEvents(chains: Chains, run: string, since: Positions): Promise<RunEvents> {
  const reached = new Map(since);
  const histories = [0, ...phaseNames.map((_, at) => at + 1), sealHistory];
  const read = await Promise.all(histories.map((history) => readNow(chains, run, history, since)));
  const past = inOrder(read.map(({ events }) => events)).map((placed) => withId(placed, reached));
  const begun = new Set([0, ...read.flatMap(({ children }) => children)]);
  return {
    past,
    ended: read.every(({ closed, empty }, history) => closed || (empty && !begun.has(history))),
    follow: (signal) => follow(chains, run, reached, signal),
  };
}

const idOf = (run: string, history: number): string => {
  const phase = phaseNames[history - 1];
  return history === 0 ? workflowId.run(run) : phase ? workflowId.phase(run, phase) : workflowId.seal(run);
};

async function readNow(
  chains: Chains,
  run: string,
  history: number,
  since: Positions,
): Promise<{ empty: boolean; closed: boolean; children: number[]; events: Placed[] }> {
  const seen: ChainEvent[] = [];
  const events: Placed[] = [];
  for await (const placed of placedEvents(chains.read(idOf(run, history)), history, (event) =>
    seen.push(event),
  ))
    if (!isBehind(placed.position, since.get(history))) events.push(placed);
  const children = seen.flatMap((event) => historyOfChild(run, event) ?? []);
  return { empty: seen.length === 0, closed: seen.some(closes), children, events };
}

async function* placedEvents(
  source: AsyncIterable<ChainEvent>,
  history: number,
  see: (event: ChainEvent) => void,
): AsyncIterable<Placed> {
  const reader = new EventReader(history);
  for await (const from of source) {
    see(from);
    const event = reader.read(from);
    if (event)
      yield { history, position: { chain: from.chain, id: from.id }, time: timeOfEvent(from), event };
  }
}

/** Merges histories by time, without changing the order within one. */
function inOrder(histories: readonly Placed[][]): Placed[] {
  const queues = histories.map((events) => [...events]);
  const merged: Placed[] = [];
  for (;;) {
    const heads = queues.flatMap(([head]) => (head ? [head] : []));
    const [next] = heads
      .filter((head) => heads.every((other) => rank(other) >= rank(head)))
      .sort((one, other) => one.time - other.time);
    if (!next) return merged;
    merged.push(next);
    queues[next.history]?.shift();
  }
}

/** What has to wait for others: the end of the run for the phases, the seal for all. */
const rank = ({ history, event }: Placed): number =>
  history === sealHistory ? 2 : event.kind === 'run-closed' ? 1 : 0;

function withId({ history, position, event }: Placed, reached: Map<number, Position>): RunEvent {
  reached.set(history, position);
  return { id: formatCursor(reached), ...event };
}

async function* follow(
  chains: Chains,
  run: string,
  reached: Map<number, Position>,
  signal: AbortSignal,
): AsyncIterable<RunEvent> {
  const stop = new AbortController();
  const inbox = new Inbox<Placed>();
  const pumps = new Map<number, Promise<void>>();
  const until = AbortSignal.any([signal, stop.signal]);

  const begin = (history: number): void => {
    if (pumps.has(history)) return;
    const pumping = pump(history);
    pumps.set(history, pumping);
    pumping.catch((error: unknown) => inbox.fail(error));
  };
  const pump = async (history: number): Promise<void> => {
    const since = reached.get(history);
    const source = chains.read(idOf(run, history), until);
    for await (const placed of placedEvents(source, history, (event) => {
      const child = historyOfChild(run, event);
      if (child !== undefined) begin(child);
    })) {
      if (placed.event.kind === 'run-closed') await ended(pumps, (other) => other > 0 && other < sealHistory);
      if (history === sealHistory) await ended(pumps, (other) => other < sealHistory);
      if (!isBehind(placed.position, since)) inbox.push(placed);
    }
  };
  const all = async (): Promise<void> => {
    await ended(pumps, (history) => history < sealHistory);
    await ended(pumps, () => true);
    inbox.end();
  };

  begin(0);
  // A seal that the sweep started is no child of the run.
  if (reached.has(sealHistory)) begin(sealHistory);
  all().catch((error: unknown) => inbox.fail(error));
  try {
    for await (const placed of inbox) yield withId(placed, reached);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
    await Promise.allSettled(pumps.values());
  }
}

/** Waits for some of the pumps, those included that begin meanwhile. */
async function ended(
  pumps: ReadonlyMap<number, Promise<void>>,
  which: (history: number) => boolean,
): Promise<void> {
  const waited = new Set<number>();
  for (;;) {
    const next = [...pumps].find(([history]) => which(history) && !waited.has(history));
    if (!next) return;
    waited.add(next[0]);
    await next[1];
  }
}

function historyOfChild(run: string, { event }: ChainEvent): number | undefined {
  const id = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
  if (id === workflowId.seal(run)) return sealHistory;
  const phase = phaseNames.findIndex((name) => id === workflowId.phase(run, name));
  return phase < 0 ? undefined : phase + 1;
}

/** Whether this is the last event of a workflow, not only of one run of its chain. */
const closes = ({ event }: ChainEvent): boolean =>
  Boolean(
    event.workflowExecutionCompletedEventAttributes ??
      event.workflowExecutionFailedEventAttributes ??
      event.workflowExecutionCanceledEventAttributes ??
      event.workflowExecutionTerminatedEventAttributes ??
      event.workflowExecutionTimedOutEventAttributes,
  );
