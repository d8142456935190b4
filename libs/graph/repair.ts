import type { GraphItem } from '../contracts/graph.js';
import { added } from './discover.js';
import { type GraphState, itemState } from './graph-state.js';

/** The id of what repairs an item, or validates again. */
export const repairedId = (id: string): string => `${id}-repair`;

/**
 * The state after a validation rejected its candidate: where the budget allows it, and the candidate was not repaired
 * before, with an item that does the candidate's work once more in a narrower scope, from the captured subject, and
 * one for each validation of it. Barriers that wait for the validation wait for the repaired one, too.
 */
export function repairOf(state: GraphState, rejecting: string): GraphState {
  const { items, repairs } = state.graph;
  const validation = items.find(({ id }) => id === rejecting);
  if (validation?.category !== 'validation' || validation.candidate === null || repairs === 0) return state;
  const work = items.find(({ id }) => id === validation.workspace);
  if (!work || work.repairs !== null || items.some(({ id }) => id === repairedId(work.id))) return state;

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
    item.kind === 'agent' || itemState(state, item.id).status !== 'pending'
      ? item
      : {
          ...item,
          after: [...new Set([...item.after, ...item.after.flatMap((id) => replaced.get(id) ?? [])])],
        },
  );
  return added({ ...state, graph: { ...state.graph, items: waiting, repairs: repairs - 1 } }, [
    repair,
    ...validations,
  ]);
}
