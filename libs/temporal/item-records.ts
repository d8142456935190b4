import { defaultPayloadConverter } from '@temporalio/common';
import { type ItemResult, itemResultSchema, itemStatuses } from '../contracts/graph.js';
import { type ChainEvent, isoTimeOf } from './chains.js';
import { readFailure } from './read-failure.js';
import { EventReader, itemOf } from './to-run-event.js';

/** One execution of an item, with all its attempts. Times are ISO 8601. */
export interface ItemExecution {
  /** When it was scheduled. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Attempts that were begun, as far as is known: Temporal tells the number when the last one has ended. */
  readonly attempts: number;
  /** How it ended; null while it has not. */
  readonly ended: 'completed' | 'failed' | 'cancelled' | null;
  readonly code: string | null;
}

/** What the history of execute says of one item. */
export interface ItemRecord {
  readonly executions: readonly ItemExecution[];
  /** What its last execution committed, if it did. */
  readonly result: ItemResult | null;
  /** A change that no activity tells, such as that it was skipped; null where there was none since. */
  readonly told: {
    readonly status: ItemResultless;
    readonly code: string | null;
    readonly at: string;
  } | null;
}

type ItemResultless = (typeof itemStatuses)[number];

const activities: ReadonlySet<string> = new Set(['runAgent', 'runSegment', 'consolidate', 'checkpoint']);

const nothing: ItemRecord = { executions: [], result: null, told: null };

/** What the history of execute says of its items: no worker is needed. */
export function itemRecords(history: readonly ChainEvent[]): ReadonlyMap<string, ItemRecord> {
  const records = new Map<string, ItemRecord>();
  const scheduled = new Map<string, string>();
  const reader = new EventReader(3);
  for (const from of history) {
    const { chain, event } = from;
    const begins = event.activityTaskScheduledEventAttributes;
    if (begins?.activityId && activities.has(begins.activityType?.name ?? '')) {
      const item = itemOf(begins.activityId);
      scheduled.set(`${chain}.${event.eventId}`, item);
      const before = records.get(item) ?? nothing;
      const execution = { startedAt: isoTimeOf(from), endedAt: null, attempts: 0, ended: null, code: null };
      records.set(item, { executions: [...before.executions, execution], result: null, told: null });
      continue;
    }
    const ends = endOf(from);
    const item = ends && scheduled.get(`${chain}.${ends.scheduled}`);
    const record = item && records.get(item);
    if (ends && record)
      records.set(item, { ...record, ...ends.result, executions: withLast(record, ends.change) });
    for (const { item: changed, status, code } of reader.read(from)?.changes ?? []) {
      const told = itemStatuses.find((known) => known === status);
      if (told)
        records.set(changed, {
          ...(records.get(changed) ?? nothing),
          told: { status: told, code, at: isoTimeOf(from) },
        });
    }
  }
  return records;
}

const withLast = ({ executions }: ItemRecord, change: Partial<ItemExecution>): ItemExecution[] =>
  executions.map((one, index) => (index === executions.length - 1 ? { ...one, ...change } : one));

interface End {
  readonly scheduled: unknown;
  readonly change: Partial<ItemExecution>;
  readonly result?: { readonly result: ItemResult };
}

function endOf(from: ChainEvent): End | undefined {
  const { event } = from;
  const at = isoTimeOf(from);
  const started = event.activityTaskStartedEventAttributes;
  if (started) return { scheduled: started.scheduledEventId, change: { attempts: started.attempt ?? 1 } };
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const [payload] = completed.result?.payloads ?? [];
    const { data } = itemResultSchema.safeParse(payload && defaultPayloadConverter.fromPayload(payload));
    return {
      scheduled: completed.scheduledEventId,
      change: { endedAt: at, ended: 'completed' },
      ...(data ? { result: { result: data } } : {}),
    };
  }
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed)
    return {
      scheduled: failed.scheduledEventId,
      change: { endedAt: at, ended: 'failed', code: readFailure(failed.failure).code },
    };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled)
    return {
      scheduled: cancelled.scheduledEventId,
      change: { endedAt: at, ended: 'cancelled', code: 'Cancelled' },
    };
  return undefined;
}
