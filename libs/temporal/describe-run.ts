import { isGrpcServiceError } from '@temporalio/client';
import { HeptadError } from '../protocol/errors.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';
import type { ExecutionInfo } from './run-summary.js';

const notFound = 5;

/** Whether the server says that there is no such workflow. */
export const isNotFound = (error: unknown): boolean => isGrpcServiceError(error) && error.code === notFound;

/**
 * What the server knows of `run-{id}`; undefined where it knows no such run, or no longer.
 *
 * @throws HeptadError `EngineUnreachable`
 */
export async function describeRun(engine: Engine, run: string): Promise<ExecutionInfo | undefined> {
  try {
    const { workflowExecutionInfo } = await engine.call(() =>
      engine.client.workflowService.describeWorkflowExecution({
        namespace: engine.namespace,
        execution: { workflowId: workflowId.run(run) },
      }),
    );
    return workflowExecutionInfo ?? undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export const runUnknown = (run: string): HeptadError =>
  new HeptadError('RunUnknown', `No run has the id ${run}. \`GET /v1/runs\` lists those that there are.`);
