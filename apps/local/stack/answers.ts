import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Config } from '../../../libs/config/config.js';

/**
 * Asks until something answers.
 *
 * @throws the reason of the signal once it fires, with what the last attempt said
 */
export async function untilAnswered(ask: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  let said = 'no answer';
  while (!signal.aborted) {
    try {
      if (await ask()) return;
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
    }
    await delay(50, undefined, { signal }).catch(() => undefined);
  }
  throw new Error(said);
}

/** Runs some work on a short-lived connection to the engine. */
export async function withEngine<T>(
  config: Config,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address: config.temporal.address, connectTimeout: '2s' });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Resolves once the engine answers over gRPC and knows the namespace. */
export const engineAnswers = (config: Config, signal: AbortSignal): Promise<void> =>
  untilAnswered(
    () =>
      withEngine(config, async ({ workflowService }) => {
        await workflowService.describeNamespace({ namespace: config.temporal.namespace });
        return true;
      }),
    signal,
  );

/** Resolves once an address answers over HTTP with success. */
export const httpAnswers = (url: string, signal: AbortSignal): Promise<void> =>
  untilAnswered(async () => {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${url} answers with ${response.status}`);
    return true;
  }, signal);

/** Resolves once somebody who asked since a moment takes tasks from a queue: that is when its worker is up. */
export const queueIsServed = (
  config: Config,
  { queue, kind, since }: { queue: string; kind: 'WORKFLOW' | 'ACTIVITY'; since: Date },
  signal: AbortSignal,
): Promise<void> =>
  untilAnswered(
    () =>
      withEngine(config, async ({ workflowService }) => {
        const { pollers } = await workflowService.describeTaskQueue({
          namespace: config.temporal.namespace,
          taskQueue: { name: queue },
          taskQueueType: proto.temporal.api.enums.v1.TaskQueueType[`TASK_QUEUE_TYPE_${kind}`],
        });
        return (pollers ?? []).some(({ lastAccessTime }) => milliseconds(lastAccessTime) >= since.getTime());
      }),
    signal,
  );

function milliseconds(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1_000_000;
}
