import type { FactPath, FactValue } from '../contracts/condition.js';
import type { ItemResult } from '../contracts/graph.js';
import { type GraphState, itemState } from './graph-state.js';

/**
 * A fact of an item: its `status`, whether it was `accepted`, its `code`, or a field of its outcome that came with its
 * result. Undefined where it is not there.
 */
export function factOf(
  state: Pick<GraphState, 'items'>,
  [id = '', ...names]: FactPath,
): FactValue | undefined {
  if (!Object.hasOwn(state.items, id)) return undefined;
  const { status, code, result } = itemState(state, id);
  switch (names.join('.')) {
    case 'status':
      return status;
    case 'code':
      return code;
    default:
      return status === 'completed' && result ? factOfResult(result, names) : undefined;
  }
}

/** A fact of a result; see {@link factOf}. */
export function factOfResult(result: ItemResult, names: readonly string[]): FactValue | undefined {
  const path = names.join('.');
  if (path === 'accepted') return result.accepted;
  const { facts = {} } = result;
  return Object.hasOwn(facts, path) ? facts[path] : undefined;
}
