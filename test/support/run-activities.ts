import proto from '@temporalio/proto';
import { workflowId } from '../../libs/protocol/names.js';
import { type PhaseName, phaseNames } from '../../libs/protocol/phases.js';
import { engineChains, timeOfEvent } from '../../libs/temporal/chains.js';
import type { Engine } from '../../libs/temporal/connect.js';
import { until } from './until.js';

/** An activity that has completed, as the histories have it. */
export interface CompletedActivity {
  /** `{workflowId}:{activityId}`. */
  readonly key: string;
  readonly type: string;
  /** The attempt that completed it. */
  readonly attempt: number;
  /** Milliseconds since 1970: when it was scheduled, when that attempt began, when it completed. */
  readonly scheduled: number;
  readonly started: number;
  readonly at: number;
}

/** Every completed activity of a run's phases and of its seal, one entry per completion. */
export async function completedActivities(engine: Engine, run: string): Promise<CompletedActivity[]> {
  const ids = [...phaseNames.map((phase) => workflowId.phase(run, phase)), workflowId.seal(run)];
  return (await Promise.all(ids.map((id) => completedIn(engine, id)))).flat();
}

async function completedIn(engine: Engine, id: string): Promise<CompletedActivity[]> {
  const scheduled = new Map<string, { activityId: string; type: string; time: number }>();
  const started = new Map<string, { attempt: number; time: number }>();
  const completed: CompletedActivity[] = [];
  for await (const from of engineChains(engine).read(id)) {
    const { chain, event } = from;
    const scheduling = event.activityTaskScheduledEventAttributes;
    if (scheduling)
      scheduled.set(`${chain}.${event.eventId}`, {
        activityId: scheduling.activityId ?? '',
        type: scheduling.activityType?.name ?? '',
        time: timeOfEvent(from),
      });
    const starting = event.activityTaskStartedEventAttributes;
    if (starting)
      started.set(`${chain}.${starting.scheduledEventId}`, {
        attempt: starting.attempt ?? 0,
        time: timeOfEvent(from),
      });
    const completing = event.activityTaskCompletedEventAttributes;
    if (!completing) continue;
    const place = `${chain}.${completing.scheduledEventId}`;
    const activity = scheduled.get(place);
    const begun = started.get(place);
    if (activity && begun)
      completed.push({
        key: `${id}:${activity.activityId}`,
        type: activity.type,
        attempt: begun.attempt,
        scheduled: activity.time,
        started: begun.time,
        at: timeOfEvent(from),
      });
  }
  return completed;
}

/** Waits until a worker executes an activity of a phase that is meant, and returns its id. */
export async function untilExecuting(
  engine: Engine,
  run: string,
  phase: PhaseName,
  meant: (activityId: string) => boolean,
): Promise<string> {
  const { STARTED } = Object.fromEntries(
    Object.entries(proto.temporal.api.enums.v1.PendingActivityState).map(([name, value]) => [
      name.replace('PENDING_ACTIVITY_STATE_', ''),
      value,
    ]),
  );
  return await until(`an activity of ${phase} being executed`, async () => {
    const { raw } = await engine.client.workflow.getHandle(workflowId.phase(run, phase)).describe();
    return (
      raw.pendingActivities?.find(({ activityId, state }) => state === STARTED && meant(activityId ?? ''))
        ?.activityId ?? undefined
    );
  });
}
