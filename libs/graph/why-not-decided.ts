import type { DecideItem } from '../contracts/steering.js';
import type { ErrorCode } from '../protocol/errors.js';
import { indexOf } from './graph-index.js';
import { type GraphState, isSettled, itemState } from './graph-state.js';
import { ladderOf } from './ladder.js';

/** Why a decision on an item cannot be taken now; undefined where it can. */
export function whyNotDecided(
  state: GraphState,
  { item: id, decision }: Pick<DecideItem, 'item' | 'decision'>,
): { readonly code: ErrorCode; readonly message: string } | undefined {
  const item = indexOf(state.graph).byId.get(id);
  if (!item) return { code: 'ItemUnknown', message: `There is no item ${id}.` };
  const is = itemState(state, id);
  const rung = ladderOf(item)[is.rung ?? 0]?.kind;
  const fits = {
    approve: is.status === 'awaiting_review',
    reject: is.status === 'awaiting_review',
    retry: is.status === 'blocked' && rung === 'person',
    recover: is.status === 'blocked' && rung === 'recover',
    fail: is.status === 'blocked',
    skip: !isSettled(is),
  }[decision];
  return fits
    ? undefined
    : {
        code: 'NothingToDecide',
        message: `The item ${id} is ${is.status}; it cannot be answered with ${decision}.`,
      };
}
