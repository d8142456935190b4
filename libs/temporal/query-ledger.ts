import { QueryNotRegisteredError } from '@temporalio/client';
import { type LedgerAnswer, ledgerAnswerSchema } from '../contracts/work.js';
import { HeptadError } from '../protocol/errors.js';
import { queryName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';

/** How long a worker has to answer, in milliseconds. */
const patience = 1000;

/**
 * Asks execute's workflow for the ledger of discoveries and how the work stands; null where no worker answers within a
 * second, or execute has not begun its items.
 */
export async function queryLedger(engine: Engine, run: string): Promise<LedgerAnswer | null> {
  const handle = engine.client.workflow.getHandle(workflowId.phase(run, 'execute'));
  try {
    return ledgerAnswerSchema.parse(
      await engine.call(() => handle.query<unknown>(queryName.ledger), patience),
    );
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'EngineUnreachable') return null;
    if (error instanceof QueryNotRegisteredError) return null;
    throw error;
  }
}
