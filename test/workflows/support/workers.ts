import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { programPlaces } from '../../../libs/config/program-places.js';
import { type QueueName, queue } from '../../../libs/protocol/names.js';

type Activities = (queue: QueueName) => NonNullable<WorkerOptions['activities']>;

/**
 * Runs what is tested while a worker for each queue serves it with the given activities.
 *
 * @param queues those that are served. Default: all
 */
export async function withWorkers<T>(
  { nativeConnection }: TestWorkflowEnvironment,
  activities: Activities,
  test: () => Promise<T>,
  queues: readonly QueueName[] = Object.values(queue),
): Promise<T> {
  const { workflowBundle } = programPlaces();
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection: nativeConnection,
        taskQueue,
        activities: activities(taskQueue),
        ...(taskQueue === 'control' ? { workflowBundle: { codePath: workflowBundle } } : {}),
      }),
    ),
  );
  // Each worker runs until what it is given has settled.
  return await workers.reduce<() => Promise<T>>((inner, worker) => () => worker.runUntil(inner()), test)();
}
