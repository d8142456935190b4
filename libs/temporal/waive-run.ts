import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ArtifactRef } from '../contracts/artifact.js';
import { HeptadError } from '../protocol/errors.js';
import { updateName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { PhaseName } from '../protocol/phases.js';
import type { Engine } from './connect.js';
import { isNotFound } from './describe-run.js';

/** How long the phase has to check a waiver, in milliseconds. */
const patience = 20_000;

/** A waiver is the same update however often it is sent. */
const updateIdOf = ({ digest }: ArtifactRef): string => `waive-${digest.slice('sha256:'.length)}`;

/**
 * Hands a signed waiver to the phase that waits for it. Once this resolves, the phase has taken it.
 *
 * @throws HeptadError `NothingToWaive`, `WaiverInvalid`
 * @throws HeptadError `EngineUnreachable` the same may be sent again to learn whether it was taken
 */
export async function waiveRun(
  engine: Engine,
  run: string,
  phase: PhaseName,
  waiver: ArtifactRef,
): Promise<void> {
  const handle = engine.client.workflow.getHandle(workflowId.phase(run, phase));
  const options = { args: [{ waiver }] as [{ waiver: ArtifactRef }], updateId: updateIdOf(waiver) };
  try {
    await engine.call(
      () => handle.executeUpdate<void, [{ waiver: ArtifactRef }]>(updateName.waive, options),
      patience,
    );
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/**
 * Whether a phase has taken this waiver before, also where the phase has ended since.
 *
 * @throws HeptadError `WaiverInvalid` it was refused
 * @throws HeptadError `EngineUnreachable`
 */
export async function wasWaived(
  engine: Engine,
  run: string,
  phase: PhaseName,
  waiver: ArtifactRef,
): Promise<boolean> {
  const handle = engine.client.workflow.getHandle(workflowId.phase(run, phase));
  try {
    await engine.call(() => handle.getUpdateHandle(updateIdOf(waiver)).result(), patience);
    return true;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.code === 'NothingToWaive' || isNotFound(error)) return false;
    throw refusal ?? error;
  }
}

function refusalOf(error: unknown): HeptadError | undefined {
  if (error instanceof WorkflowNotFoundError) return new HeptadError('NothingToWaive');
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  const code = cause instanceof ApplicationFailure ? cause.type : undefined;
  return code === 'NothingToWaive' || code === 'WaiverInvalid'
    ? new HeptadError(code, cause?.message, { cause: error })
    : undefined;
}
