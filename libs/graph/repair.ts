import type { GraphItem, WorkGraph } from '../contracts/graph.js';
import { type GraphState, itemState } from './graph-state.js';

/** The id of what repairs an item, or validates again. */
export const repairedId = (id: string): string => `${id}-repair`;

/**
 * What follows where a validation rejected its candidate: where the budget allows it, and the candidate was not
 * repaired before, an item that does the candidate's work once more in a narrower scope, from the captured subject, and
 * one for each validation of it. Barriers that wait for the validation wait for the repaired one, too.
 *
 * @returns the graph with its barriers and budget changed, and the items to add to it; none where nothing is repaired
 */
export function repairOf(
  graph: WorkGraph,
  states: GraphState['items'],
  rejecting: string,
): { readonly graph: WorkGraph; readonly added: readonly GraphItem[] } {
  const { items, repairs } = graph;
  const nothing = { graph, added: [] };
  const validation = items.find(({ id }) => id === rejecting);
  if (validation?.category !== 'validation' || validation.candidate === null || repairs === 0) return nothing;
  const work = items.find(({ id }) => id === validation.workspace);
  if (!work || work.repairs !== null || items.some(({ id }) => id === repairedId(work.id))) return nothing;

  const repair: GraphItem = {
    ...work,
    id: repairedId(work.id),
    title: `${work.title}, repaired`,
    // The rejected attempt and what was found about it are its inputs.
    after: [...new Set([...work.after, work.id, validation.id])],
    repairs: work.id,
  };
  const chain = items.filter(
    ({ category, candidate, workspace }) =>
      category === 'validation' && candidate === work.candidate && workspace === work.id,
  );
  const replaced = new Map([work, ...chain].map(({ id }) => [id, repairedId(id)]));
  const validations = chain.map(
    (item): GraphItem => ({
      ...item,
      id: repairedId(item.id),
      title: `${item.title}, repaired`,
      after: item.after.map((id) => replaced.get(id) ?? id),
      workspace: repair.id,
    }),
  );
  const waiting = items.map((item) =>
    item.kind === 'agent' || itemState({ items: states }, item.id).status !== 'pending'
      ? item
      : {
          ...item,
          after: [...new Set([...item.after, ...item.after.flatMap((id) => replaced.get(id) ?? [])])],
        },
  );
  return { graph: { ...graph, items: waiting, repairs: repairs - 1 }, added: [repair, ...validations] };
}
