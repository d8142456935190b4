import type { ArchivedHistory, HistoryArchive } from '../contracts/evidence.js';
import { workflowId } from '../protocol/names.js';
import { childrenOf, closingOf, type History, previousRunOf, startOf } from '../temporal/histories.js';
import type { ArchivedChains } from './read-closed-run.js';

/**
 * Why the histories of a run are not complete, as sentences: one is cut, has a gap, does not end with its closing
 * event, a run of a chain is missing, or a workflow that another one started. The seal's own is never among them.
 */
export function historyProblems({ run, histories }: HistoryArchive, chains: ArchivedChains): string[] {
  const problems: string[] = [];
  const started = new Set([workflowId.run(run)]);
  for (const chain of chains.values())
    for (const history of chain) for (const child of childrenOf(history)) started.add(child.workflowId);
  started.delete(workflowId.seal(run));
  for (const id of started) if (!chains.has(id)) problems.push(`There is no history of ${id}.`);
  for (const id of chains.keys())
    if (!started.has(id)) problems.push(`There is a history of ${id}, which the run did not start.`);
  for (const [id, chain] of chains) {
    const archived = histories.filter((one) => one.workflowId === id);
    problems.push(...chainLinks(id, archived, chain));
  }
  return problems;
}

function chainLinks(id: string, archived: readonly ArchivedHistory[], chain: readonly History[]): string[] {
  return chain.flatMap((history, index) => {
    const said = archived[index];
    const what = `The history ${index + 1} of ${chain.length} of ${id}`;
    const closed = closingOf(history);
    const problems: string[] = [];
    if (!closed) problems.push(`${what} does not end with a closing event.`);
    if (closed !== said?.closed || history.events?.length !== said?.events)
      problems.push(`${what} is not the one that the archive tells of.`);
    if (!inOneRow(history)) problems.push(`${what} does not have every event from the first on.`);
    else if (startOf(history).type !== said?.type) problems.push(`${what} is of another type of workflow.`);
    if ((previousRunOf(history) ?? null) !== (archived[index - 1]?.runId ?? null))
      problems.push(`${what} does not follow the one before it.`);
    if ((closed === 'CONTINUED_AS_NEW') === (index === chain.length - 1))
      problems.push(
        `${what} says ${closed ?? 'nothing'} at its end, and ${chain.length - 1 - index} follow it.`,
      );
    return problems;
  });
}

/** Whether the events are numbered from 1 without a gap, and the first is the start. */
const inOneRow = ({ events }: History): boolean =>
  !!events?.[0]?.workflowExecutionStartedEventAttributes &&
  events.every(({ eventId }, index) => Number(eventId) === index + 1);
