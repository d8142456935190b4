import { randomUUID } from 'node:crypto';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { workflowId } from '../../../libs/protocol/names.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import type { History } from '../../../libs/temporal/histories.js';

/** A call of an activity with what it answered. */
export interface Call {
  readonly type: string;
  /** Of one that is not local. */
  readonly id?: string;
  readonly queue?: string;
  readonly input: unknown;
  readonly result: unknown;
}

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

/**
 * The history of one workflow, written event by event in the form in which the server's is archived: numbered from 1,
 * with workflow tasks, calls, children and a closing event, each at the time at which it is added. Which commands come
 * in one workflow task is simpler than it would be, so it reads like a real one, but does not replay.
 */
export class RecordedHistory {
  readonly runId = randomUUID();
  readonly #events: Record<string, unknown>[] = [];
  #task = 0;
  /** Local activities that were called. */
  locals = 0;

  constructor(
    readonly workflowId: string,
    readonly type: string,
    input: unknown,
    attributes: Readonly<Record<string, string>> = {},
  ) {
    this.#add('WORKFLOW_EXECUTION_STARTED', {
      workflowType: { name: type },
      taskQueue: { kind: 'TASK_QUEUE_KIND_NORMAL', name: 'control' },
      input: payloads(input),
      originalExecutionRunId: this.runId,
      firstExecutionRunId: this.runId,
      attempt: 1,
      workflowId,
      searchAttributes: { indexedFields: fields(attributes) },
    });
    this.#turn();
  }

  get history(): History {
    return historyFromJSON({ events: this.#events });
  }

  get execution(): { readonly workflowId: string; readonly runId: string } {
    return { workflowId: this.workflowId, runId: this.runId };
  }

  called({ type, id = '', queue = 'control', input, result }: Call): void {
    const scheduled = this.#add('ACTIVITY_TASK_SCHEDULED', {
      activityId: id,
      activityType: { name: type },
      taskQueue: { kind: 'TASK_QUEUE_KIND_NORMAL', name: queue },
      input: payloads(input),
      workflowTaskCompletedEventId: this.#task,
    });
    const started = this.#add('ACTIVITY_TASK_STARTED', {
      scheduledEventId: scheduled,
      identity: `${queue}@here#1`,
      attempt: 1,
    });
    this.#add('ACTIVITY_TASK_COMPLETED', {
      result: payloads(result),
      scheduledEventId: scheduled,
      startedEventId: started,
      identity: `${queue}@here#1`,
    });
    this.#turn();
  }

  calledLocally({ type, result }: Pick<Call, 'type' | 'result'>): void {
    this.locals += 1;
    const data = { seq: this.locals, attempt: 1, activity_id: String(this.locals), activity_type: type };
    this.#add('MARKER_RECORDED', {
      markerName: 'core_local_activity',
      details: { data: payloads(data), result: payloads(result) },
      workflowTaskCompletedEventId: this.#task,
    });
  }

  set(attributes: Readonly<Record<string, string>>): void {
    this.#add('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', {
      workflowTaskCompletedEventId: this.#task,
      searchAttributes: { indexedFields: fields(attributes) },
    });
  }

  /** @returns the event by which it was started */
  started(child: Pick<RecordedHistory, 'execution' | 'type'>): string {
    const initiated = this.#add('START_CHILD_WORKFLOW_EXECUTION_INITIATED', {
      workflowId: child.execution.workflowId,
      workflowType: { name: child.type },
      workflowTaskCompletedEventId: this.#task,
    });
    return this.#add('CHILD_WORKFLOW_EXECUTION_STARTED', {
      initiatedEventId: initiated,
      workflowExecution: child.execution,
      workflowType: { name: child.type },
    });
  }

  ended(child: RecordedHistory, started: string, result: unknown): void {
    this.#add('CHILD_WORKFLOW_EXECUTION_COMPLETED', {
      ...this.#of(child, started),
      result: payloads(result),
    });
    this.#turn();
  }

  endedBadly(child: RecordedHistory, started: string, failed: Failed): void {
    this.#add('CHILD_WORKFLOW_EXECUTION_FAILED', {
      ...this.#of(child, started),
      failure: failureOf(failed),
      retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET',
    });
    this.#turn();
  }

  completed(result: unknown): void {
    this.#add('WORKFLOW_EXECUTION_COMPLETED', {
      result: payloads(result),
      workflowTaskCompletedEventId: this.#task,
    });
  }

  failed(failed: Failed): void {
    this.#add('WORKFLOW_EXECUTION_FAILED', {
      failure: failureOf(failed),
      retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET',
      workflowTaskCompletedEventId: this.#task,
    });
  }

  #of(child: RecordedHistory, started: string) {
    return {
      workflowExecution: child.execution,
      workflowType: { name: child.type },
      initiatedEventId: String(Number(started) - 1),
      startedEventId: started,
    };
  }

  #turn(): void {
    const scheduled = this.#add('WORKFLOW_TASK_SCHEDULED', {
      taskQueue: { kind: 'TASK_QUEUE_KIND_NORMAL', name: 'control' },
      startToCloseTimeout: '5s',
      attempt: 1,
    });
    const started = this.#add('WORKFLOW_TASK_STARTED', {
      scheduledEventId: scheduled,
      identity: 'control@here#1',
    });
    this.#task = Number(
      this.#add('WORKFLOW_TASK_COMPLETED', { scheduledEventId: scheduled, startedEventId: started }),
    );
  }

  #add(type: string, attributes: object): string {
    const eventId = String(this.#events.length + 1);
    const name = type.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    this.#events.push({
      eventId,
      eventTime: new Date().toISOString(),
      eventType: `EVENT_TYPE_${type}`,
      taskId: String(1_048_576 + this.#events.length),
      [`${name}EventAttributes`]: attributes,
    });
    return eventId;
  }
}

/** What a history tells of the workflow that seals its run, which is itself never archived. */
export const sealOf = (run: string) => ({
  execution: { workflowId: workflowId.seal(run), runId: randomUUID() },
  type: 'seal',
});

export const historyOfPhase = (run: string, phase: PhaseName, input: unknown): RecordedHistory =>
  new RecordedHistory(workflowId.phase(run, phase), phase, input);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const payload = (value: unknown, more: Readonly<Record<string, string>> = {}) => ({
  metadata: { encoding: base64('json/plain'), ...more },
  data: base64(JSON.stringify(value)),
});

const payloads = (value: unknown) => ({ payloads: [payload(value)] });

const fields = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, payload(value, { type: base64('Keyword') })]),
  );

const failureOf = ({ code, message, details }: Failed) => ({
  message,
  source: 'TypeScriptSDK',
  applicationFailureInfo: { type: code, nonRetryable: true, details: payloads(details) },
});
