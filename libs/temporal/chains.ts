import type { Engine } from './connect.js';
import { isNotFound } from './describe-run.js';
import type { HistoryEvent } from './histories.js';

/** One event of a workflow that may have continued as new: `chain` counts its runs from 0. */
export interface ChainEvent {
  readonly chain: number;
  /** The event's number within its run of the chain, from 1. */
  readonly id: number;
  readonly event: HistoryEvent;
}

/** Where the histories of a run are read from: the server, or the run's seal. */
export interface Chains {
  /**
   * Events of a workflow, all runs of its chain one after another, from the first on; none where there is no such
   * workflow. With a signal it goes on until the workflow has closed, or the signal says stop.
   *
   * @throws HeptadError `EngineUnreachable`
   */
  read(workflowId: string, follow?: AbortSignal): AsyncIterable<ChainEvent>;
}

/** Longer than the server holds a long poll back. */
const pollTimeout = 60_000;

/** Histories as the server has them. */
export const engineChains = (engine: Engine): Chains => ({
  async *read(workflowId, follow) {
    let runId = await firstRunOf(engine, workflowId);
    for (let chain = 0; runId !== undefined; chain += 1) {
      let next: string | undefined;
      for await (const event of readRun(engine, workflowId, runId, follow)) {
        yield { chain, id: Number(event.eventId), event };
        next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
      }
      runId = next;
    }
  },
});

async function firstRunOf(engine: Engine, workflowId: string): Promise<string | undefined> {
  try {
    const { history } = await engine.call(() =>
      engine.client.workflowService.getWorkflowExecutionHistory({
        namespace: engine.namespace,
        execution: { workflowId },
        maximumPageSize: 1,
      }),
    );
    return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function* readRun(
  engine: Engine,
  workflowId: string,
  runId: string,
  follow: AbortSignal | undefined,
): AsyncIterable<HistoryEvent> {
  let nextPageToken: Uint8Array | null = null;
  do {
    const ask = () =>
      engine.client.workflowService.getWorkflowExecutionHistory({
        namespace: engine.namespace,
        execution: { workflowId, runId },
        nextPageToken,
        waitNewEvent: follow !== undefined,
      });
    const page: Awaited<ReturnType<typeof ask>> = follow
      ? await engine.call(() => engine.connection.withAbortSignal(follow, ask), pollTimeout)
      : await engine.call(ask);
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : null;
  } while (nextPageToken && !follow?.aborted);
}

/** Milliseconds since 1970, by the server's clock, fractions included. */
export const timeOfEvent = ({ event: { eventTime } }: ChainEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;

/** ISO 8601, to the millisecond. */
export const isoTimeOf = (event: ChainEvent): string =>
  new Date(Math.floor(timeOfEvent(event))).toISOString();
