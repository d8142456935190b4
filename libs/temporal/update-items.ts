import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { AdvanceItems, DecideItem } from '../contracts/steering.js';
import { HeptadError, isErrorCode } from '../protocol/errors.js';
import { updateName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';
import { isNotFound } from './describe-run.js';

/** How long a worker has to take an update, in milliseconds. */
const patience = 20_000;

/**
 * Hands a person's decision on an item to the run. Once this resolves, it is taken.
 *
 * @throws HeptadError `ItemUnknown`, `NothingToDecide`
 * @throws HeptadError `EngineUnreachable` no worker took it in time; the item says whether it was taken
 */
export const decideItem = (engine: Engine, run: string, decided: DecideItem): Promise<void> =>
  update(engine, run, updateName.decide, decided);

/**
 * Lets more of what is ready go on. Once this resolves, it is taken.
 *
 * @throws HeptadError `NothingToDecide` execute has not begun its items, or has ended
 * @throws HeptadError `EngineUnreachable`
 */
export const advanceItems = (engine: Engine, run: string, advanced: AdvanceItems): Promise<void> =>
  update(engine, run, updateName.advance, advanced);

async function update<Argument>(
  engine: Engine,
  run: string,
  name: string,
  argument: Argument,
): Promise<void> {
  const handle = engine.client.workflow.getHandle(workflowId.phase(run, 'execute'));
  try {
    await engine.call(
      () => handle.executeUpdate<void, [Argument]>(name, { args: [argument], updateId: randomUUID() }),
      patience,
    );
  } catch (error) {
    throw refusalOf(error, run) ?? error;
  }
}

function refusalOf(error: unknown, run: string): HeptadError | undefined {
  if (error instanceof WorkflowNotFoundError || isNotFound(error))
    return new HeptadError('NothingToDecide', `Run ${run} does not work on its items now.`, { cause: error });
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  const code = cause instanceof ApplicationFailure ? cause.type : undefined;
  return code && isErrorCode(code) ? new HeptadError(code, cause?.message, { cause: error }) : undefined;
}
