import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { type AwaitedWaiver, awaitedWaiverSchema } from '../contracts/waiver.js';
import { queryName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';

/**
 * What a run waits for a person to waive; null where it waits for nothing, or has ended.
 *
 * @param patience how long a worker has to answer, in milliseconds
 * @throws HeptadError `EngineUnreachable` no worker answered in time
 */
export async function queryAwaited(
  engine: Engine,
  run: string,
  patience: number,
): Promise<AwaitedWaiver | null> {
  const handle = engine.client.workflow.getHandle(workflowId.run(run));
  try {
    const awaited = await engine.call(() => handle.query<unknown>(queryName.awaited), patience);
    return awaitedWaiverSchema.nullable().parse(awaited);
  } catch (error) {
    if (error instanceof QueryNotRegisteredError || error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
