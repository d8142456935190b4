import type { GraphItem, ItemResult, ItemStatus, ItemView, WorkGraph } from '../contracts/graph.js';

/** Where one item stands. */
export interface ItemState {
  readonly status: ItemStatus;
  /** How often it was started; 0 before the first. The agent in use is the one at `occurrence - 1`. */
  readonly occurrence: number;
  readonly result: ItemResult | null;
  /** Why it failed or was skipped. */
  readonly code: string | null;
  /** ISO 8601, by the workflow's clock. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** The whole state of a graph in execution: plain JSON, carried over continue-as-new. */
export interface GraphState {
  /** The graph with the items that were added since; `repairs` is what is left of the budget. */
  readonly graph: WorkGraph;
  readonly items: Readonly<Record<string, ItemState>>;
  /** Whether `finish` was commanded. After it nothing enters the graph. */
  readonly finished: boolean;
  /** Discoveries that were not taken, with the reason; the first 100. */
  readonly refused: readonly { readonly by: string; readonly reason: string }[];
}

const untouched: ItemState = {
  status: 'pending',
  occurrence: 0,
  result: null,
  code: null,
  startedAt: null,
  endedAt: null,
};

/** The state before anything has happened. */
export const initial = (graph: WorkGraph): GraphState => ({
  graph,
  items: Object.fromEntries(graph.items.map(({ id }) => [id, untouched])),
  finished: false,
  refused: [],
});

/** Where an item stands; pending, where nothing is known of it yet. */
export const itemState = (state: GraphState, id: string): ItemState => state.items[id] ?? untouched;

/** Whether nothing will change any more for an item. */
export const isSettled = ({ status }: ItemState): boolean => status !== 'pending' && status !== 'running';

/** The state with one item changed. */
export const withItem = (state: GraphState, id: string, change: Partial<ItemState>): GraphState => ({
  ...state,
  items: { ...state.items, [id]: { ...itemState(state, id), ...change } },
});

/** Each item's one committed result, in the graph's order. */
export const results = (state: GraphState): readonly ItemResult[] =>
  state.graph.items.flatMap(({ id }) => itemState(state, id).result ?? []);

/** The items that ended without a result, in the graph's order. */
export const unfinished = (
  state: GraphState,
): readonly { readonly item: string; readonly status: 'failed' | 'skipped'; readonly code: string }[] =>
  state.graph.items.flatMap(({ id }) => {
    const { status, code } = itemState(state, id);
    return status === 'failed' || status === 'skipped'
      ? { item: id, status, code: code ?? 'Unexpected' }
      : [];
  });

/** What an item gets from those that it waits for: their results, and the ids of those that have none. */
export function inputsOf(
  state: GraphState,
  item: GraphItem,
): { readonly results: readonly ItemResult[]; readonly missing: readonly string[] } {
  const found = item.after.map((id) => ({ id, result: itemState(state, id).result }));
  return {
    results: found.flatMap(({ result }) => result ?? []),
    missing: found.filter(({ result }) => result === null).map(({ id }) => id),
  };
}

/** The items as people see them, in the graph's order. */
export const itemViews = (state: GraphState): ItemView[] =>
  state.graph.items.map((item) => {
    const { status, occurrence, result, code, startedAt, endedAt } = itemState(state, item.id);
    return {
      id: item.id,
      title: item.title,
      category: item.category,
      status,
      agent: result?.agent?.id ?? item.agents[occurrence - 1]?.id ?? null,
      candidate: item.candidate,
      summary: result?.summary ?? null,
      code,
      startedAt,
      endedAt,
    };
  });
