import type { GraphItem } from '../contracts/graph.js';
import type { ErrorCode } from '../protocol/errors.js';
import type { GraphIndex } from './graph-index.js';
import { type GraphState, type ItemState, isSettled, itemState } from './graph-state.js';
import { needsAgent } from './needs-agent.js';
import { isNotNeeded } from './not-needed.js';

/** The code of what a checkpoint that did not pass keeps from being started. */
const notPassed: ErrorCode = 'CheckpointNotPassed';

interface Dependency {
  readonly from: GraphItem | undefined;
  readonly is: ItemState;
}

/**
 * Why an item can never start: the code of what stands in its way; undefined where nothing does, so far.
 *
 * - A checkpoint that did not pass stops everything behind it, barriers included. A consolidation that lacks results
 *   stops what is not a barrier.
 * - Barriers wait for everything and take what there is.
 * - What depends on an item that failed cannot start. Candidates of others may fail, but not all of them.
 * - An item that was skipped because its condition does not hold, or was not needed, stands in nobody's way: unless
 *   there is nothing else that an item comes after. Neither does one that a person skipped.
 */
export function obstacleTo(
  state: Pick<GraphState, 'items'>,
  item: GraphItem,
  { byId }: GraphIndex,
): string | undefined {
  const dependencies = item.after.map((id): Dependency => ({ from: byId.get(id), is: itemState(state, id) }));
  for (const { from, is } of dependencies) {
    if (is.status === 'skipped' && is.code === notPassed) return notPassed;
    if (from?.kind === 'checkpoint' && is.result?.accepted === false) return notPassed;
  }
  if (isBarrier(item)) return undefined;
  const lacking = dependencies.find(
    ({ from, is }) => from?.kind === 'consolidation' && is.result?.accepted === false,
  );
  if (lacking) return 'ResultsMissing' satisfies ErrorCode;
  const lost = dependencies.filter(({ is }) => isLost(is));
  const needed = lost.find(
    ({ from }) => from && (!isForeignCandidate(from, item) || from.id === item.workspace),
  );
  if (needed) return needed.is.code ?? 'Unexpected';
  const candidates = dependencies.filter(({ from }) => from && isForeignCandidate(from, item));
  if (candidates.length > 0 && candidates.every((dependency) => lost.includes(dependency)))
    return lost[0]?.is.code ?? 'Unexpected';
  const passedBy = dependencies.filter(({ is }) => isNotNeeded(is));
  return dependencies.length > 0 && passedBy.length === dependencies.length
    ? ('ConditionFalse' satisfies ErrorCode)
    : undefined;
}

/** Whether an item waits for everything before it, whatever becomes of it. */
export const isBarrier = ({ kind }: GraphItem): boolean => !needsAgent(kind);

/** It has ended without a result, and not because nobody needs one. */
const isLost = (is: ItemState): boolean =>
  isSettled(is) && is.status !== 'completed' && !isNotNeeded(is) && !(is.status === 'skipped' && is.waived);

const isForeignCandidate = (from: GraphItem, item: GraphItem): boolean =>
  from.candidate !== null && from.candidate !== item.candidate;
