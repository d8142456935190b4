import { WorkflowNotFoundError } from '@temporalio/client';
import { HeptadError } from '../protocol/errors.js';
import { signalName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';
import { describeRun, runUnknown } from './describe-run.js';
import { summaryOf } from './run-summary.js';

/** What can be done to a run from outside. */
export const steeringVerbs = ['pause', 'resume', 'cancel'] as const;
export type SteeringVerb = (typeof steeringVerbs)[number];

/**
 * Pauses, resumes or cancels a run: durable once it resolves, done when the run's workflow gets to it. Doing what
 * was done before changes nothing. Cancel is Temporal's own, as of the button in its Web UI.
 *
 * @throws HeptadError `RunUnknown`, `RunClosed`, `EngineUnreachable`
 */
export async function steerRun(engine: Engine, run: string, verb: SteeringVerb): Promise<void> {
  const handle = engine.client.workflow.getHandle(workflowId.run(run));
  try {
    await engine.call<unknown>(() => (verb === 'cancel' ? handle.cancel() : handle.signal(signalName[verb])));
    if (verb !== 'cancel') return;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const info = await describeRun(engine, run);
  if (!info) throw runUnknown(run);
  const { state, closedAt } = summaryOf(info);
  // The server accepts to cancel what has ended, and does nothing.
  if (closedAt !== null && !(verb === 'cancel' && state === 'cancelled')) throw runClosed(run, state);
}

export const runClosed = (run: string, state: string): HeptadError =>
  new HeptadError('RunClosed', `Run ${run} has ended as ${state}, so it cannot be steered any more.`);
