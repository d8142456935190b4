import type { z } from 'zod';
import type { Execution } from '../contracts/phase.js';
import type { itemViewSchema } from '../contracts/run.js';
import { type ChainEvent, isoTimeOf } from './chains.js';
import { itemOf } from './to-run-event.js';

type ItemView = z.infer<typeof itemViewSchema>;

/** The items of an execute that has completed, from what it staged and its history: no worker is needed. */
export function settledItems(execution: Execution, history: readonly ChainEvent[]): ItemView[] {
  const results = new Map(execution.results.map((result) => [result.item, result]));
  const unfinished = new Map(execution.unfinished.map((item) => [item.item, item]));
  const times = timesOf(history);
  return execution.graph.items.map((item) => {
    const result = results.get(item.id);
    const without = unfinished.get(item.id);
    return {
      id: item.id,
      title: item.title,
      category: item.category,
      status: result ? 'completed' : (without?.status ?? 'pending'),
      agent: result?.agent?.id ?? null,
      candidate: item.candidate,
      summary: result?.summary ?? null,
      code: without?.code ?? null,
      startedAt: times.get(item.id)?.startedAt ?? null,
      endedAt: times.get(item.id)?.endedAt ?? null,
      progress: null,
    };
  });
}

interface Times {
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** From the first time that an item was scheduled to the last time that an execution of it ended. */
function timesOf(history: readonly ChainEvent[]): ReadonlyMap<string, Times> {
  const scheduled = new Map<string, string>();
  const times = new Map<string, Times>();
  for (const from of history) {
    const { event, chain } = from;
    const at = isoTimeOf(from);
    const activityId = event.activityTaskScheduledEventAttributes?.activityId;
    if (activityId) {
      const item = itemOf(activityId);
      scheduled.set(`${chain}.${event.eventId}`, item);
      if (!times.has(item)) times.set(item, { startedAt: at, endedAt: null });
    }
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    const item = ended && scheduled.get(`${chain}.${ended.scheduledEventId}`);
    const begun = item && times.get(item);
    if (begun) times.set(item, { ...begun, endedAt: at });
  }
  return times;
}
