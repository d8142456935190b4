import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { itemViewSchema } from '../contracts/run.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';
import { itemOf } from './to-run-event.js';

export type ItemProgress = NonNullable<z.infer<typeof itemViewSchema>['progress']>;

// A heartbeat names the step, too.
const detailsSchema = z.object({
  ...itemViewSchema.shape.progress.unwrap().shape,
  partial: z.unknown().default(null),
});

/**
 * What the items of a run that run now proved last, and what they say since, as their heartbeats have it; by item.
 *
 * @throws HeptadError `EngineUnreachable`
 */
export async function itemProgress(engine: Engine, run: string): Promise<ReadonlyMap<string, ItemProgress>> {
  const { pendingActivities } = await engine.call(() =>
    engine.client.workflowService.describeWorkflowExecution({
      namespace: engine.namespace,
      execution: { workflowId: workflowId.phase(run, 'execute') },
    }),
  );
  return new Map(
    (pendingActivities ?? []).flatMap(({ activityId, heartbeatDetails }) => {
      const [payload] = heartbeatDetails?.payloads ?? [];
      const details = detailsSchema.safeParse(payload && defaultPayloadConverter.fromPayload(payload));
      return activityId && details.success ? [[itemOf(activityId), details.data] as const] : [];
    }),
  );
}
