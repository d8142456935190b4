import type { AgentRef, GraphItem, ItemResult } from '../contracts/graph.js';
import type { ErrorCode } from '../protocol/errors.js';
import { discover } from './discover.js';
import { type GraphState, type ItemState, isSettled, itemState, withItem } from './graph-state.js';
import { repairOf } from './repair.js';

export {
  type GraphState,
  initial,
  inputsOf,
  itemViews,
  results,
  unfinished,
} from './graph-state.js';

/** What happened to the graph. Times are ISO 8601, by the workflow's clock. */
export type GraphEvent =
  /** The workflow starts, or goes on after continue-as-new: nothing is in flight. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'started'; readonly item: string; readonly at: string }
  | { readonly kind: 'succeeded'; readonly item: string; readonly result: ItemResult; readonly at: string }
  | { readonly kind: 'failed'; readonly item: string; readonly code: string; readonly at: string }
  /** An item found more work. Taken whole or refused whole. */
  | { readonly kind: 'discovered'; readonly by: string; readonly items: readonly GraphItem[] };

/** What is to be done now. */
export type Command =
  /** `agent` is the one to use: a backup after failures, null for a barrier. `occurrence` counts from 1. */
  | {
      readonly kind: 'start';
      readonly item: GraphItem;
      readonly agent: AgentRef | null;
      readonly occurrence: number;
    }
  /** Every item is settled. Commanded once. */
  | { readonly kind: 'finish' };

/** What a step leads to. */
export interface Step {
  readonly state: GraphState;
  readonly commands: readonly Command[];
}

/** The code of what a checkpoint that did not pass keeps from being started. */
const notPassed: ErrorCode = 'CheckpointNotPassed';

/**
 * The scheduler: what follows from an event. Pure and deterministic; never throws.
 *
 * What is ready runs at once, up to `parallel`, in the graph's order. Barriers wait until everything before them is
 * settled and get what failed as missing. An item whose agent failed goes on with the next backup; only then it has
 * failed, and what depends on it is skipped: all of it, or the candidate's own chain where it belongs to one. A
 * checkpoint that does not pass skips everything behind it. A candidate that its validation rejects is repaired once,
 * within the budget. An event about an item that does not run changes nothing, so each item has one result.
 */
export function step(state: GraphState, event: GraphEvent): Step {
  switch (event.kind) {
    case 'begun':
      return onward(
        state,
        running(state).map((item) => start(item, itemState(state, item.id).occurrence)),
      );
    case 'started':
      return runs(state, event.item)
        ? onward(withItem(state, event.item, { startedAt: event.at }))
        : onward(state);
    case 'succeeded':
      return runs(state, event.item) ? onward(succeeded(state, event)) : onward(state);
    case 'failed':
      return runs(state, event.item) ? onward(failed(state, event)) : onward(state);
    case 'discovered':
      return onward(discover(state, event.by, event.items));
  }
}

function succeeded(state: GraphState, { item, result, at }: GraphEvent & { kind: 'succeeded' }): GraphState {
  const next = withItem(state, item, { status: 'completed', result, code: null, endedAt: at });
  return result.accepted ? next : repairOf(next, item);
}

function failed(state: GraphState, { item: id, code, at }: GraphEvent & { kind: 'failed' }): GraphState {
  const item = state.graph.items.find((candidate) => candidate.id === id);
  const hasBackup = item !== undefined && itemState(state, id).occurrence < item.agents.length;
  return withItem(state, id, {
    status: hasBackup ? 'pending' : 'failed',
    code,
    endedAt: hasBackup ? null : at,
  });
}

/** Settles what follows without doing anything, and commands what is ready. */
function onward(before: GraphState, again: readonly Command[] = []): Step {
  // One copy for all changes of a step: a graph may have thousands of items.
  const state = { ...before, items: { ...before.items } };
  skip(state);
  const commands: Command[] = [...again];
  let free = state.graph.parallel - running(state).length;
  for (const item of state.graph.items) {
    if (free <= 0) break;
    const current = itemState(state, item.id);
    if (current.status !== 'pending' || !mayStart(state, item)) continue;
    const occurrence = current.occurrence + 1;
    state.items[item.id] = { ...current, status: 'running', occurrence, code: null };
    commands.push(start(item, occurrence));
    free -= 1;
  }
  if (state.finished || running(state).length > 0) return { state, commands };
  skipLeftovers(state);
  return { state: { ...state, finished: true }, commands: [...commands, { kind: 'finish' }] };
}

/** A state whose items this step may change. */
type Draft = Omit<GraphState, 'items'> & { readonly items: Record<string, ItemState> };

const start = (item: GraphItem, occurrence: number): Command => ({
  kind: 'start',
  item,
  agent: item.agents[occurrence - 1] ?? null,
  occurrence,
});

const running = (state: GraphState): GraphItem[] =>
  state.graph.items.filter(({ id }) => itemState(state, id).status === 'running');

const runs = (state: GraphState, id: string): boolean => itemState(state, id).status === 'running';

const isBarrier = ({ kind }: GraphItem): boolean => kind !== 'agent';

const mayStart = (state: GraphState, item: GraphItem): boolean =>
  item.after.every((id) => isSettled(itemState(state, id)));

/** Skips, until nothing changes, what can never start. */
function skip(state: Draft): void {
  const byId = new Map(state.graph.items.map((item) => [item.id, item]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const item of state.graph.items) {
      const current = itemState(state, item.id);
      const code = current.status === 'pending' ? obstacleTo(state, item, byId) : undefined;
      if (code === undefined) continue;
      state.items[item.id] = { ...current, status: 'skipped', code };
      changed = true;
    }
  }
}

/** Why an item can never start: the code of what stands in its way. */
function obstacleTo(
  state: GraphState,
  item: GraphItem,
  byId: ReadonlyMap<string, GraphItem>,
): string | undefined {
  const dependencies = item.after.map((id) => ({ from: byId.get(id), is: itemState(state, id) }));
  for (const { from, is } of dependencies)
    if (
      (is.status === 'skipped' && is.code === notPassed) ||
      (from?.kind === 'checkpoint' && is.result?.accepted === false)
    )
      return notPassed;
  if (isBarrier(item)) return undefined;
  const lost = dependencies.filter(({ is }) => isSettled(is) && is.status !== 'completed');
  const needed = lost.find(
    ({ from }) => from && (!isForeignCandidate(from, item) || from.id === item.workspace),
  );
  if (needed) return needed.is.code ?? 'Unexpected';
  // Candidates of others may fail, but not all of them: there would be nothing left to work on.
  const candidates = dependencies.filter(({ from }) => from && isForeignCandidate(from, item));
  const noneLeft = candidates.length > 0 && candidates.every((dependency) => lost.includes(dependency));
  return noneLeft ? (lost[0]?.is.code ?? 'Unexpected') : undefined;
}

const isForeignCandidate = (from: GraphItem, item: GraphItem): boolean =>
  from.candidate !== null && from.candidate !== item.candidate;

/** What is pending when nothing runs waits for itself. The edge refuses such graphs; here it still must end. */
function skipLeftovers(state: Draft): void {
  const code: ErrorCode = 'InputInvalid';
  for (const { id } of state.graph.items) {
    const current = itemState(state, id);
    if (current.status === 'pending') state.items[id] = { ...current, status: 'skipped', code };
  }
}
