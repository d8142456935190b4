import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { type DoneItem, takenOver } from '../continuation/kept-results.js';
import { graphItemSchema, itemResultSchema } from '../contracts/graph.js';
import type { Assignment, Execution } from '../contracts/phase.js';
import { type ChainEvent, isoTimeOf } from './chains.js';

/** A done item, and when it was done. */
export interface DatedItem extends DoneItem {
  /** ISO 8601. */
  readonly at: string;
}

const taskSchema = z.object({ item: graphItemSchema });

/**
 * The items that execute has committed results for, in the order in which they were done, as its history tells: of one
 * that failed, was cancelled or still goes on, too. Of one that has staged its execution, those of that.
 *
 * @param execution what execute staged; null where it staged nothing
 */
export function doneItems(
  history: readonly ChainEvent[],
  assignment: Pick<Assignment, 'graph' | 'reused'>,
  execution: Pick<Execution, 'graph' | 'results'> | null,
): DatedItem[] {
  const [first] = history;
  if (!first) return [];
  const reused = takenOver(assignment.graph, assignment.reused ?? []).map((one) => ({
    ...one,
    at: isoTimeOf(first),
  }));
  const done = [...reused, ...executed(history)];
  if (!execution) return done.filter(({ item }) => item.rules?.review === undefined);
  const committed = new Map(execution.results.map((result) => [result.item, result]));
  const items = new Map(execution.graph.items.map((item) => [item.id, item]));
  return done.flatMap(({ item: { id }, at }) => {
    const [item, result] = [items.get(id), committed.get(id)];
    return item && result ? { item, result, at } : [];
  });
}

/** What the activities of items gave. What was executed once more counts as it ended last. */
function executed(history: readonly ChainEvent[]): DatedItem[] {
  const scheduled = new Map<string, DoneItem['item']>();
  const done = new Map<string, DatedItem>();
  for (const from of history) {
    const { event, chain } = from;
    const [task] = event.activityTaskScheduledEventAttributes?.input?.payloads ?? [];
    const { data } = taskSchema.safeParse(task ? defaultPayloadConverter.fromPayload(task) : undefined);
    if (data) {
      scheduled.set(`${chain}.${event.eventId}`, data.item);
      done.delete(data.item.id);
    }
    const completed = event.activityTaskCompletedEventAttributes;
    const item = completed && scheduled.get(`${chain}.${completed.scheduledEventId}`);
    const [payload] = completed?.result?.payloads ?? [];
    if (!item || !payload) continue;
    const result = itemResultSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
    if (result.success) done.set(item.id, { item, result: result.data, at: isoTimeOf(from) });
  }
  return [...done.values()];
}
