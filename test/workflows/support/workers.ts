import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { programPlaces } from '../../../libs/config/program-places.js';
import type { QueueName } from '../../../libs/protocol/names.js';

type Activities = (queue: QueueName) => NonNullable<WorkerOptions['activities']>;

/** Runs what is tested while the three workers serve their queues with the given activities. */
export async function withWorkers<T>(
  { nativeConnection }: TestWorkflowEnvironment,
  activities: Activities,
  test: () => Promise<T>,
): Promise<T> {
  const { workflowBundle } = programPlaces();
  const workers = await Promise.all(
    (['control', 'agents', 'verify'] as const).map((taskQueue) =>
      Worker.create({
        connection: nativeConnection,
        taskQueue,
        activities: activities(taskQueue),
        ...(taskQueue === 'control' ? { workflowBundle: { codePath: workflowBundle } } : {}),
      }),
    ),
  );
  const [control, agents, verify] = workers;
  if (!control || !agents || !verify) throw new Error('Three workers were asked for.');
  return await control.runUntil(agents.runUntil(verify.runUntil(test())));
}
