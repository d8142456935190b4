import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import type { RunEvent } from '../contracts/run.js';
import { itemsMemo, signalName } from '../protocol/messages.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import { type ChainEvent, isoTimeOf } from './chains.js';
import { type ReadFailure, readFailure } from './read-failure.js';

/** The history of the seal, after `run` (0) and the seven phases. */
export const sealHistory = phaseNames.length + 1;

type Draft = Pick<RunEvent, 'kind' | 'says'> & Partial<Pick<RunEvent, 'item' | 'failure' | 'changes'>>;

/**
 * Turns the events of one history of a run into those that people follow. It has to see every event from the first
 * on, because Temporal names an activity only where it was scheduled.
 */
export class EventReader {
  readonly #history: number;
  readonly #activities = new Map<string, { item: string; says: string }>();

  /** @param history its number: 0 for `run`, 1 to 7 for the phases, 8 for the seal */
  constructor(history: number) {
    this.#history = history;
  }

  get #phase(): PhaseName | null {
    return phaseNames[this.#history - 1] ?? null;
  }

  /** The event for people, without its id; undefined where it says nothing to them. */
  read(from: ChainEvent): Omit<RunEvent, 'id'> | undefined {
    const draft = this.#draft(from);
    if (!draft) return undefined;
    return { at: isoTimeOf(from), phase: this.#phase, item: null, failure: null, ...draft };
  }

  #draft(from: ChainEvent): Draft | undefined {
    if (this.#history === sealHistory)
      return from.event.workflowExecutionCompletedEventAttributes ? sealed : undefined;
    return (
      this.#workflow(from) ?? (this.#history === 0 ? steering(from) : (this.#activity(from) ?? changes(from)))
    );
  }

  #workflow({ chain, event }: ChainEvent): Draft | undefined {
    const name = this.#phase ? `Phase ${this.#phase}` : 'The run';
    const [started, closed] = this.#phase
      ? (['phase-started', 'phase-closed'] as const)
      : (['run-started', 'run-closed'] as const);
    const failed = (failure: ReadFailure, how: string): Draft => ({
      kind: closed,
      says: `${name} ${how}.`,
      failure,
    });

    if (event.workflowExecutionStartedEventAttributes)
      return chain === 0 ? { kind: started, says: `${name} started.` } : undefined;
    if (event.workflowExecutionCompletedEventAttributes) return { kind: closed, says: `${name} completed.` };
    const failure = event.workflowExecutionFailedEventAttributes?.failure;
    if (failure) {
      const { code, message } = readFailure(failure);
      return failed({ code, message }, `failed with ${code}: ${message}`.replace(/\.+$/, ''));
    }
    if (event.workflowExecutionCanceledEventAttributes)
      return failed({ code: 'Cancelled', message: 'It was cancelled.' }, 'was cancelled');
    const terminated = event.workflowExecutionTerminatedEventAttributes;
    if (terminated)
      return failed(
        { code: 'Terminated', message: terminated.reason || 'It was terminated from outside.' },
        'was terminated',
      );
    if (event.workflowExecutionTimedOutEventAttributes)
      return failed({ code: 'TimedOut', message: 'It did not end within its time.' }, 'timed out');
    return undefined;
  }

  #activity({ event }: ChainEvent): Draft | undefined {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const id = scheduled.activityId ?? '';
      const summary: unknown = event.userMetadata?.summary
        ? defaultPayloadConverter.fromPayload(event.userMetadata.summary)
        : undefined;
      const activity = { item: itemOf(id), says: typeof summary === 'string' ? summary : itemOf(id) };
      this.#activities.set(String(event.eventId), activity);
      return { kind: 'activity-scheduled', item: activity.item, says: `${activity.says}: scheduled.` };
    }
    const started = event.activityTaskStartedEventAttributes;
    if (started) {
      const attempt = started.attempt ?? 1;
      return this.#of(started, 'activity-started', attempt > 1 ? `started, attempt ${attempt}` : 'started');
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) return this.#of(completed, 'activity-completed', 'completed');
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (failed) {
      const failure = readFailure(failed.failure);
      return { ...this.#of(failed, 'activity-failed', `failed with ${failure.code}`), failure };
    }
    const cancelled = event.activityTaskCanceledEventAttributes;
    if (cancelled) {
      const failure = { code: 'Cancelled', message: 'It was cancelled.' };
      return { ...this.#of(cancelled, 'activity-failed', 'was cancelled'), failure };
    }
    return undefined;
  }

  #of(attributes: { scheduledEventId?: unknown }, kind: RunEvent['kind'], how: string): Draft {
    const activity = this.#activities.get(String(attributes.scheduledEventId)) ?? {
      item: '',
      says: 'An activity',
    };
    return { kind, item: activity.item, says: `${activity.says}: ${how}.` };
  }
}

const changesSchema = z.array(z.tuple([z.string(), z.string(), z.string().nullable()]));

/** Transitions of items that are said in one sentence. */
const mostSaid = 5;

/** What became of items where no activity tells it: execute says it in its memo. */
function changes({ event }: ChainEvent): Draft | undefined {
  const payload = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[itemsMemo];
  const parsed = changesSchema.safeParse(payload && defaultPayloadConverter.fromPayload(payload));
  if (!parsed.success || parsed.data.length === 0) return undefined;
  const told = parsed.data.map(([item, status, code]) => ({ item, status, code }));
  const words = told
    .slice(0, mostSaid)
    .map(({ item, status, code }) => `${item} is ${status}${code === null ? '' : ` (${code})`}`);
  const more = told.length - words.length;
  return {
    kind: 'items-changed',
    says: `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    changes: told,
  };
}

const sealed: Draft = { kind: 'sealed', says: 'The run is sealed: its evidence is complete.' };

/** An activity id is `{item or verb}.{occurrence}`. */
export const itemOf = (activityId: string): string => activityId.replace(/\.\d+$/, '');

function steering({ event }: ChainEvent): Draft | undefined {
  const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
  if (signal === signalName.pause) return { kind: 'steering', says: 'Pause was asked for.' };
  if (signal === signalName.resume) return { kind: 'steering', says: 'Resume was asked for.' };
  if (event.workflowExecutionCancelRequestedEventAttributes)
    return { kind: 'steering', says: 'Cancel was asked for.' };
  const payload =
    event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.[
      searchAttribute.steering.name
    ];
  if (!payload) return undefined;
  const value: unknown = defaultPayloadConverter.fromPayload(payload);
  return {
    kind: 'steering',
    says: value === 'waiting' ? 'The run is waiting for a person.' : `The run is ${String(value)}.`,
  };
}
