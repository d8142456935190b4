import { z } from 'zod';
import { parseJson } from '../../../libs/artifacts/parse-json.js';
import { refusalSchema } from '../../../libs/contracts/evidence.js';
import type { PhaseView, RunView } from '../../../libs/contracts/run.js';
import type { WorkMetrics } from '../../../libs/contracts/work.js';
import { refusalEntryName } from '../../../libs/evidence/seal-entry.js';
import { countWork } from '../../../libs/graph/work-metrics.js';
import { workOfExecution } from '../../../libs/graph/work-of-execution.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { workflowId } from '../../../libs/protocol/names.js';
import type { RunState } from '../../../libs/protocol/states.js';
import type { ChainEvent } from '../../../libs/temporal/chains.js';
import { closedItems } from '../../../libs/temporal/closed-items.js';
import { runRequestOf } from '../../../libs/temporal/named-artifacts.js';
import { pausedItems } from '../../../libs/temporal/paused-items.js';
import { afterTheEnd, type PhaseReading, readPhases } from '../../../libs/temporal/phase-histories.js';
import { queryAwaited } from '../../../libs/temporal/query-awaited.js';
import { type ItemsReading, queryItems } from '../../../libs/temporal/query-items.js';
import { queryLedger } from '../../../libs/temporal/query-ledger.js';
import { type ReadFailure, readFailure } from '../../../libs/temporal/read-failure.js';
import { settledItems } from '../../../libs/temporal/settled-items.js';
import type { Dependencies } from '../dependencies.js';
import { readExecution } from './read-execution.js';
import { historyOf, openRun, type RunReading } from './run-reading.js';

/**
 * A run in full. All but the items of a running execute is read from what has been written down, so it answers when
 * every worker is down; those are marked then.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`
 */
export async function viewRun(dependencies: Dependencies, run: string): Promise<RunView> {
  const reading = await openRun(dependencies, run);
  const { summary, sealed } = reading;
  const history = await historyOf(reading);
  const read = readPhases(run, history);
  const phases = summary.closedAt === null ? read : afterTheEnd(read, endOf(summary.state), summary.closedAt);
  const { items, work } = await readWork(dependencies, reading, phases);
  return {
    ...summary,
    failure: failureOf(history),
    from: runRequestOf(history)?.from ?? null,
    phases: phases.map(({ view }) => view),
    items: items.items,
    itemsUnavailable: items.unavailable,
    work,
    awaits: await readAwaited(dependencies, reading),
    sealed: sealed !== undefined,
    sealRefused: sealed ? null : await readRefusal(dependencies, run),
    package: packageOf(phases),
    links: {
      self: `/v1/runs/${run}`,
      events: `/v1/runs/${run}/events`,
      artifacts: `/v1/runs/${run}/artifacts`,
      temporal: webUiOf(dependencies, reading),
    },
  };
}

/** Why the evidence of a run was not sealed. */
async function readRefusal({ store }: Dependencies, run: string): Promise<RunView['sealRefused']> {
  const name = refusalEntryName(run);
  const bytes = await store.entries.get(name);
  return bytes ? parseJson(bytes, refusalSchema, `The entry ${name}`).problems : null;
}

/** How a phase ended whose run ended before it could tell. */
const endOf = (state: RunState): PhaseView['state'] =>
  state === 'timed-out' || state === 'cancelled' ? state : 'terminated';

/** How long a worker has to say what a run waits for, in milliseconds. */
const patience = 1000;

/** Only a run that may wait is asked: without a worker each question takes its whole time. */
async function readAwaited({ engine }: Dependencies, { summary }: RunReading): Promise<RunView['awaits']> {
  if (!mayWait.has(summary.state)) return null;
  try {
    return await queryAwaited(engine, summary.id, patience);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'EngineUnreachable') return null;
    throw error;
  }
}

/** A pause hides that a run waits. */
const mayWait: ReadonlySet<RunState> = new Set(['waiting', 'pausing', 'paused']);

/** What is known of the work in execute. */
interface WorkReading {
  readonly items: ItemsReading;
  readonly work: RunView['work'];
}

async function readWork(
  dependencies: Dependencies,
  reading: RunReading,
  phases: readonly PhaseReading[],
): Promise<WorkReading> {
  const { engine } = dependencies;
  const run = reading.summary.id;
  const read = await readExecution(dependencies, reading, phases);
  switch (read.kind) {
    case 'unavailable':
      return { items: { items: null, unavailable: read.says }, work: null };
    case 'staged': {
      const items = settledItems(read.execution, await historyOf(reading, 'execute'));
      return { items: { items, unavailable: null }, work: workOfExecution(read.execution) };
    }
    case 'asked': {
      const [queried, ledger] = await Promise.all([queryItems(engine, run), queryLedger(engine, run)]);
      if (!queried.items) return { items: queried, work: null };
      // The workflow answers as its code last saw the items; of a termination it has seen nothing.
      const closed = closedItems(queried.items, read.execute.view);
      const items = reading.summary.state === 'paused' ? pausedItems(closed) : closed;
      return { items: { items, unavailable: null }, work: ledger && workOf(items, ledger.work) };
    }
  }
}

const workOf = (
  items: NonNullable<RunView['items']>,
  { total_discoveries }: WorkMetrics,
): RunView['work'] => ({
  ...countWork(items.map((item) => ({ ...item, discoveries: 0 }))),
  total_discoveries,
  complete: null,
});

function failureOf(history: readonly ChainEvent[]): ReadFailure | null {
  const event = history.at(-1)?.event;
  if (event?.workflowExecutionFailedEventAttributes)
    return readFailure(event.workflowExecutionFailedEventAttributes.failure);
  if (event?.workflowExecutionCanceledEventAttributes)
    return { code: 'Cancelled', message: 'The run was cancelled.' };
  const terminated = event?.workflowExecutionTerminatedEventAttributes;
  if (terminated)
    return { code: 'Terminated', message: terminated.reason || 'The run was terminated from outside.' };
  if (event?.workflowExecutionTimedOutEventAttributes)
    return { code: 'TimedOut', message: 'The run did not end within its time.' };
  return null;
}

const deliveredSchema = z.object({ receipt: z.object({ path: z.string() }) });

const packageOf = (phases: readonly PhaseReading[]): string | null =>
  deliveredSchema.safeParse(phases.find(({ view }) => view.phase === 'deliver')?.facts).data?.receipt.path ??
  null;

/** Only of the engine that the local stack starts is it known where its Web UI is. */
function webUiOf({ config }: Dependencies, { summary, dropped }: RunReading): string | null {
  if (config.temporal.external || dropped) return null;
  const { uiPort, namespace } = config.temporal;
  return `http://127.0.0.1:${uiPort}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId.run(summary.id))}`;
}
