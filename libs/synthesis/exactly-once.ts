import type { Execution } from '../contracts/phase.js';
import { HeptadError, type Problem } from '../protocol/errors.js';

/**
 * Makes sure that each item of the graph is accounted for exactly once: by one result, or by why it has none.
 *
 * @throws HeptadError `InputInvalid` with every item that is missing, unknown, or there more than once
 */
export function exactlyOnce({
  graph,
  results,
  unfinished,
}: Pick<Execution, 'graph' | 'results' | 'unfinished'>): void {
  const times = new Map(graph.items.map(({ id }) => [id, 0]));
  const problems: Problem[] = [];
  for (const { item } of [...results, ...unfinished]) {
    const before = times.get(item);
    if (before === undefined) problems.push({ path: `/${item}`, reason: 'It is not an item of the graph.' });
    else times.set(item, before + 1);
  }
  for (const [item, number] of times)
    if (number !== 1)
      problems.push({ path: `/${item}`, reason: `It is accounted for ${number} times, not once.` });
  if (problems.length === 0) return;
  const list = problems.map(({ path, reason }) => `${path.slice(1)}: ${reason}`).join(' ');
  throw new HeptadError('InputInvalid', `The results do not account for the graph. ${list}`, { problems });
}
