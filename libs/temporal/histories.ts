import { defaultPayloadConverter } from '@temporalio/common';
import type { History, Payload } from '@temporalio/common/lib/proto-utils.js';
import { readFailure } from './read-failure.js';

export type { History };
export type HistoryEvent = NonNullable<History['events']>[number];

/** How a run of a workflow ended, as its closing event says. */
export type Closing = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT' | 'CONTINUED_AS_NEW';

/** One run of a chain of a workflow. */
export interface ExecutionId {
  readonly workflowId: string;
  readonly runId: string;
}

const eventsOf = (history: History): readonly HistoryEvent[] => history.events ?? [];

/** What the last event says of how the run ended; undefined where it is not a closing event. */
export function closingOf(history: History): Closing | undefined {
  const last = eventsOf(history).at(-1);
  if (!last) return undefined;
  if (last.workflowExecutionCompletedEventAttributes) return 'COMPLETED';
  if (last.workflowExecutionFailedEventAttributes) return 'FAILED';
  if (last.workflowExecutionCanceledEventAttributes) return 'CANCELLED';
  if (last.workflowExecutionTerminatedEventAttributes) return 'TERMINATED';
  if (last.workflowExecutionTimedOutEventAttributes) return 'TIMED_OUT';
  if (last.workflowExecutionContinuedAsNewEventAttributes) return 'CONTINUED_AS_NEW';
  return undefined;
}

/** ISO 8601 time of the first or last event, by the server's clock. */
export function timeOf(history: History, which: 'first' | 'last'): string {
  const time = eventsOf(history).at(which === 'first' ? 0 : -1)?.eventTime;
  if (!time) throw new TypeError('The history has no event with a time.');
  return new Date(Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}

/** Type and decoded arguments of the workflow. */
export function startOf(history: History): { type: string; args: readonly unknown[] } {
  const started = eventsOf(history)[0]?.workflowExecutionStartedEventAttributes;
  if (!started) throw new TypeError('The history does not begin with the start of its workflow.');
  return { type: started.workflowType?.name ?? '', args: (started.input?.payloads ?? []).map(decode) };
}

/** The run before in the chain, where it was continued or retried. */
export function previousRunOf(history: History): string | undefined {
  return eventsOf(history)[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
}

/** Child workflows that were started, each once, in the order of their start. */
export function childrenOf(history: History): ExecutionId[] {
  return eventsOf(history).flatMap(({ childWorkflowExecutionStartedEventAttributes: started }) => {
    const { workflowId, runId } = started?.workflowExecution ?? {};
    return workflowId && runId ? [{ workflowId, runId }] : [];
  });
}

/** Name of the marker by which a history keeps a local activity. */
const localActivity = 'core_local_activity';

/** Decoded results of the completed activities of one type, local ones included, in the order of their completion. */
export function activityResults(history: History, activityType: string): unknown[] {
  const events = eventsOf(history);
  const types = new Map(
    events.map((event) => [
      String(event.eventId),
      event.activityTaskScheduledEventAttributes?.activityType?.name,
    ]),
  );
  return events.flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed)
      return types.get(String(completed.scheduledEventId)) === activityType ? first(completed.result) : [];
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName !== localActivity) return [];
    const [data] = first(marker.details?.data);
    return isOfType(data, activityType) ? first(marker.details?.result) : [];
  });
}

const isOfType = (data: unknown, activityType: string): boolean =>
  typeof data === 'object' && data !== null && 'activity_type' in data && data.activity_type === activityType;

/** The first payload decoded; nothing where there is none. */
function first(payloads: { payloads?: Payload[] | null } | null | undefined): unknown[] {
  const [payload] = payloads?.payloads ?? [];
  return payload ? [decode(payload)] : [];
}

/** Values of the search attributes as the history set them last. */
export function searchAttributesOf(history: History): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const event of eventsOf(history)) {
    const fields =
      event.workflowExecutionStartedEventAttributes?.searchAttributes?.indexedFields ??
      event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
    for (const [name, payload] of Object.entries(fields ?? {})) {
      const value = decode(payload);
      // A keyword may travel as a list of one.
      values[name] = Array.isArray(value) && value.length === 1 ? value[0] : value;
    }
  }
  return values;
}

/** Why the run did not complete: a code and a sentence; null where it completed, or continued as new. */
export function failureIn(history: History): { code: string; message: string } | null {
  const last = eventsOf(history).at(-1);
  const failed = last?.workflowExecutionFailedEventAttributes?.failure;
  if (failed) return readFailure(failed);
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated)
    return {
      code: 'Terminated',
      message: terminated.reason
        ? `The run was terminated from outside: ${terminated.reason}`
        : 'The run was terminated from outside; no reason was given.',
    };
  if (last?.workflowExecutionTimedOutEventAttributes)
    return { code: 'TimedOut', message: 'The run did not end within the time that it was given.' };
  if (last?.workflowExecutionCanceledEventAttributes)
    return { code: 'Cancelled', message: 'The run was cancelled.' };
  return null;
}

const decode = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
