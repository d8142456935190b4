import type {
  GraphItem,
  ItemResult,
  ItemRules,
  ItemStatus,
  UnfinishedItem,
  WorkGraph,
} from '../contracts/graph.js';
import type { Digest } from '../protocol/digest.js';

/** Where one item stands. */
export interface ItemState {
  readonly status: ItemStatus;
  /** How often it was started; 0 before the first. */
  readonly occurrence: number;
  /** The rung of its ladder that it is on; see `ladder.ts`. Left out: the first. */
  readonly rung?: number;
  /** What it committed, or what waits for a person's review. */
  readonly result: ItemResult | null;
  /** Why it failed, was skipped, or waits. */
  readonly code: string | null;
  /** Who decided that it is not done, and why, where a person did. */
  readonly waived?: { readonly by: string; readonly reason: string };
  /** ISO 8601, by the workflow's clock. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** A consolidation's: since when it collects. ISO 8601. */
  readonly since?: string;
}

/** The whole state of a graph in execution: plain JSON, carried over continue-as-new. */
export interface GraphState {
  /** The graph with the items that were added since; `repairs` is what is left of the budget. */
  readonly graph: WorkGraph;
  /** How many of its items were planned; those behind them were added since. */
  readonly planned: number;
  readonly items: Readonly<Record<string, ItemState>>;
  /** Whether `finish` was commanded. After it nothing enters the graph. */
  readonly finished: boolean;
  /** Discoveries that were not taken, with the reason; the first 100. */
  readonly refused: readonly { readonly by: string; readonly reason: string }[];
  /** How many items may still be started before somebody lets more go on. Left out: as many as there are. */
  readonly allowance?: number;
  /** Items that are neither pending nor settled, so that a step need not look at thousands. */
  readonly active?: readonly string[];
  /** Items whose discoveries are being looked at. */
  readonly admitting?: readonly string[];
  /** The ledger of discoveries so far. */
  readonly ledger?: Digest;
  /** Results of an earlier run, by item: an item that could start is completed with its own instead. */
  readonly reused?: Readonly<Record<string, ItemResult>>;
}

const untouched: ItemState = {
  status: 'pending',
  occurrence: 0,
  result: null,
  code: null,
  startedAt: null,
  endedAt: null,
};

/**
 * The state before anything has happened.
 *
 * @param stepwise whether nothing starts before somebody lets it
 * @param reused results of an earlier run that are not done again; those of items that are not in the graph are for
 *   items that may come to be in it
 */
export const initial = (
  graph: WorkGraph,
  stepwise = false,
  reused: readonly ItemResult[] = [],
): GraphState => ({
  graph,
  planned: graph.items.length,
  items: Object.fromEntries(graph.items.map(({ id }) => [id, untouched])),
  finished: false,
  refused: [],
  ...(stepwise ? { allowance: 0 } : {}),
  ...(reused.length > 0 ? { reused: Object.fromEntries(reused.map((result) => [result.item, result])) } : {}),
});

/** Where an item stands; pending, where nothing is known of it yet. */
export const itemState = (state: Pick<GraphState, 'items'>, id: string): ItemState =>
  state.items[id] ?? untouched;

/** Whether nothing will change any more for an item. */
export const isSettled = ({ status }: Pick<ItemState, 'status'>): boolean =>
  status === 'completed' ||
  status === 'failed' ||
  status === 'skipped' ||
  status === 'cancelled' ||
  status === 'timeout';

const noRules: ItemRules = {};

/** What an item does otherwise than most. */
export const rulesOf = ({ rules }: Pick<GraphItem, 'rules'>): ItemRules => rules ?? noRules;

/** Each item's one committed result, in the graph's order. */
export const results = (state: GraphState): readonly ItemResult[] =>
  state.graph.items.flatMap(({ id }) => {
    const { status, result } = itemState(state, id);
    return status === 'completed' && result ? result : [];
  });

/** The items that ended without a result, in the graph's order. */
export const unfinished = (state: GraphState): readonly UnfinishedItem[] =>
  state.graph.items.flatMap(({ id }) => {
    const { status, code, waived } = itemState(state, id);
    switch (status) {
      case 'failed':
      case 'skipped':
      case 'cancelled':
      case 'timeout':
        return { item: id, status, code: code ?? 'Unexpected', ...(waived ? { waived } : {}) };
      default:
        return [];
    }
  });

/** Codes of items that nobody misses: their condition does not hold, or they slept and were not needed. */
export const notMissed: ReadonlySet<string> = new Set(['ConditionFalse', 'NotNeeded']);

/** What an item gets from those that it waits for: their results, and the ids of those that lack one. */
export function inputsOf(
  state: GraphState,
  item: GraphItem,
): {
  readonly results: readonly ItemResult[];
  readonly missing: readonly string[];
  /** Of those that are missing, the ones that a person decided to do without. */
  readonly waived: readonly string[];
} {
  const found = item.after.map((id) => ({ id, is: itemState(state, id) }));
  const without = found.filter(
    ({ is }) => is.status !== 'completed' && !(is.status === 'skipped' && notMissed.has(is.code ?? '')),
  );
  return {
    results: found.flatMap(({ is: { status, result } }) => (status === 'completed' && result ? result : [])),
    missing: without.map(({ id }) => id),
    waived: without.filter(({ is }) => is.waived).map(({ id }) => id),
  };
}
