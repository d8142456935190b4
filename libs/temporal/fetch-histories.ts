import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { HeptadError } from '../protocol/errors.js';
import { workflowId } from '../protocol/names.js';
import { childrenOf, closingOf, type ExecutionId, type History, previousRunOf } from './histories.js';

/** A complete history: its last event is its closing event. */
export interface ClosedHistory extends ExecutionId {
  readonly history: History;
}

/**
 * Fetches the histories of a run that has ended: of `run`, then of each workflow that it started (the seal's own
 * left out), each with every run of its chain, oldest first.
 *
 * @throws HeptadError `RunOpen` (retried) the run, or something that it started, has not ended
 * @throws HeptadError `RunUnknown` the server does not have one of the histories (any more)
 */
export async function fetchHistories(client: Client, run: string): Promise<ClosedHistory[]> {
  const id = workflowId.run(run);
  const { status } = await known(id, () => client.workflow.getHandle(id).describe());
  if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') throw stillOpen(id);
  const found: ClosedHistory[] = [];
  const seen = new Set([workflowId.seal(run)]);
  const ahead = [id];
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const chain = await fetchChain(client, next);
    found.push(...chain);
    for (const { history } of chain) ahead.push(...childrenOf(history).map((child) => child.workflowId));
  }
  return found;
}

/** Walks back from the latest run of a chain to its first. */
async function fetchChain(client: Client, id: string): Promise<ClosedHistory[]> {
  const { runId: latest } = await known(id, () => client.workflow.getHandle(id).describe());
  const chain: ClosedHistory[] = [];
  for (let runId: string | undefined = latest; runId !== undefined; ) {
    const current: string = runId;
    const history = await known(id, () => client.workflow.getHandle(id, current).fetchHistory());
    const closing = closingOf(history);
    // The latest run of a chain that continued: its successor is not known yet, so the chain is open.
    if (!closing || (chain.length === 0 && closing === 'CONTINUED_AS_NEW')) throw stillOpen(id);
    chain.unshift({ workflowId: id, runId: current, history });
    runId = previousRunOf(history);
  }
  return chain;
}

const stillOpen = (id: string): HeptadError =>
  new HeptadError('RunOpen', `The workflow ${id} has not ended yet, so its history is not complete.`);

async function known<T>(id: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new HeptadError('RunUnknown', `The engine has no history of the workflow ${id}.`, { cause: error });
  }
}
