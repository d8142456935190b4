import type { Problem } from '../protocol/errors.js';

/** What an order of items follows from. */
export interface Referring {
  readonly id: string;
  readonly after: readonly string[];
}

/**
 * What is wrong with the references of items: an id that occurs twice, a dependency that does not exist, items that
 * wait for each other in a circle (which is named). Empty where all is well. Pure; also used in workflow code.
 *
 * @param items the items to check; a problem's path is a JSON pointer into this list
 * @param known ids that exist beside them, and whose order is settled
 */
export function referenceProblems(
  items: readonly Referring[],
  known: ReadonlySet<string> = new Set(),
): Problem[] {
  const problems: Problem[] = [];
  const own = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (own.has(id) || known.has(id))
      problems.push({ path: `/${index}/id`, reason: `There is another item with the id ${id}.` });
    own.add(id);
  }
  for (const [index, { id, after }] of items.entries())
    for (const [place, dependency] of after.entries())
      if (!own.has(dependency) && !known.has(dependency))
        problems.push({
          path: `/${index}/after/${place}`,
          reason: `${id} comes after ${dependency}, which is not an item.`,
        });
  const cycle = findCycle(items);
  if (cycle)
    problems.push({
      path: `/${items.findIndex(({ id }) => id === cycle[0])}/after`,
      reason: `These items wait for each other: ${cycle.join(' -> ')}.`,
    });
  return problems;
}

/** The first circle among the items, its first id repeated at its end; undefined where there is none. */
function findCycle(items: readonly Referring[]): string[] | undefined {
  const byId = new Map(items.map((item) => [item.id, item]));
  const done = new Set<string>();
  for (const { id: root } of items) {
    // An explicit stack: a chain of thousands of items must not overflow the call stack of a workflow.
    const path: { id: string; next: number }[] = [{ id: root, next: 0 }];
    const onPath = new Set([root]);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const dependency = done.has(top.id) ? undefined : byId.get(top.id)?.after[top.next++];
      if (dependency === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(dependency)) {
        const from = path.findIndex(({ id }) => id === dependency);
        return [...path.slice(from).map(({ id }) => id), dependency];
      } else if (!done.has(dependency)) {
        path.push({ id: dependency, next: 0 });
        onPath.add(dependency);
      }
    }
  }
  return undefined;
}
