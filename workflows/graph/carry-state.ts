import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { GraphActivities, TextPart } from '../../libs/contracts/activities.js';
import type { GraphItem, ItemResult, WorkGraph } from '../../libs/contracts/graph.js';
import { type GraphState, initial } from '../../libs/graph/schedule.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import type { ExecuteInput } from './execute-input.js';

// Arguments of local activities are in no history, so what is large is handed over by one.
const { keepText } = proxyLocalActivities<GraphActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

// Results of local activities all travel in one message, whose size is limited; these come one by one.
const { readText, readPlan } = proxyActivities<GraphActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

/** Characters of a state's JSON that travel in one payload. */
const partLength = 400_000;

/** Items of a plan that travel in one payload. */
const itemsAtOnce = 1000;

/** The state to begin with: that of the run before in the chain, or the planned graph untouched. */
export async function openState({ run, state, graph, reused, input }: ExecuteInput): Promise<GraphState> {
  if (state === undefined) {
    const plan = graph ? { graph, reused } : await readWhole(input.assignment);
    return initial(plan.graph, run.stepwise, plan.reused);
  }
  if (!isParts(state)) return state;
  const texts: string[] = [];
  for (const part of state) texts.push((await readText(part)).text);
  return JSON.parse(texts.join('')) as GraphState;
}

/** The state as the next run of the chain gets it. */
export async function closeState(state: GraphState): Promise<GraphState | readonly TextPart[]> {
  const json = JSON.stringify(state);
  if (json.length <= partLength) return state;
  const parts: TextPart[] = [];
  for (let from = 0; from < json.length; from += partLength)
    parts.push(await keepText({ text: json.slice(from, from + partLength) }));
  return parts;
}

const isParts = (state: GraphState | readonly TextPart[]): state is readonly TextPart[] =>
  Array.isArray(state);

async function readWhole(
  assignment: ExecuteInput['input']['assignment'],
): Promise<{ readonly graph: WorkGraph; readonly reused: readonly ItemResult[] }> {
  const items: GraphItem[] = [];
  const results: ItemResult[] = [];
  for (let from = 0; ; from += itemsAtOnce) {
    const { graph, reused = [], total } = await readPlan({ assignment, from, count: itemsAtOnce });
    items.push(...graph.items);
    results.push(...reused);
    if (from + itemsAtOnce >= total) return { graph: { ...graph, items }, reused: results };
  }
}
