import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { artifactRefSchema } from '../contracts/artifact.js';
import { agentRefSchema, itemResultSchema } from '../contracts/graph.js';
import type { ExecutionOfItem } from '../contracts/item-history.js';
import { type ChainEvent, isoTimeOf } from './chains.js';
import { readFailure } from './read-failure.js';
import { itemOf } from './to-run-event.js';

/** One execution with its item, without its attempts: these are in the store. */
export interface ItemExecution extends Omit<ExecutionOfItem, 'attempts'> {
  readonly item: string;
}

const taskSchema = z.object({
  item: z.object({ id: z.string() }),
  agent: agentRefSchema.optional(),
  how: z.string().optional(),
  inputs: z.record(z.string(), artifactRefSchema).optional(),
  results: z.array(itemResultSchema).optional(),
});

/**
 * Every execution of an item that the history of execute tells of, in the order in which they were scheduled. Of a
 * barrier that was given its results as one artifact the inputs are left out.
 */
export function executionsOfItems(history: readonly ChainEvent[]): ItemExecution[] {
  const executions = new Map<string, ItemExecution>();
  for (const from of history) {
    const { event, chain } = from;
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const begun = begunBy(from, scheduled);
      if (begun) executions.set(`${chain}.${event.eventId}`, begun);
    }
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    const key = `${chain}.${ended?.scheduledEventId}`;
    const before = executions.get(key);
    if (before) executions.set(key, { ...before, ...endOf(event), endedAt: isoTimeOf(from) });
  }
  return [...executions.values()];
}

function begunBy(
  from: ChainEvent,
  { activityId, input }: NonNullable<ChainEvent['event']['activityTaskScheduledEventAttributes']>,
): ItemExecution | undefined {
  const [payload] = input?.payloads ?? [];
  const task = taskSchema.safeParse(payload && defaultPayloadConverter.fromPayload(payload));
  if (!activityId || !task.success || task.data.item.id !== itemOf(activityId)) return undefined;
  const { item, agent, how, inputs = {}, results = [] } = task.data;
  return {
    item: item.id,
    activity: activityId,
    agent: agent ?? null,
    how: how ?? null,
    scheduledAt: isoTimeOf(from),
    endedAt: null,
    inputs: [
      ...Object.entries(inputs).map(([name, ref]) => ({ item: name, ...ref })),
      ...results.map((result) => ({ item: result.item, ...result.outcome })),
    ],
    result: null,
    failure: null,
  };
}

function endOf(event: ChainEvent['event']): Partial<ItemExecution> {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const [payload] = completed.result?.payloads ?? [];
    const result = itemResultSchema.safeParse(payload && defaultPayloadConverter.fromPayload(payload));
    return { result: result.data ?? null };
  }
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  return {
    failure: failed ? readFailure(failed.failure) : { code: 'Cancelled', message: 'It was cancelled.' },
  };
}
