import { ApplicationFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  AgentActivities,
  BarrierItem,
  CoordinationActivities,
  GraphActivities,
} from '../../libs/contracts/activities.js';
import type { GraphItem, ItemResult } from '../../libs/contracts/graph.js';
import { basisOf } from '../../libs/graph/basis-of.js';
import { indexOf } from '../../libs/graph/graph-index.js';
import { rulesOf, unfinished } from '../../libs/graph/graph-state.js';
import { type Command, type GraphState, inputsOf } from '../../libs/graph/schedule.js';
import { partOf } from '../../libs/graph/split.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { priorityKey } from '../../libs/protocol/priorities.js';
import type { ExecuteInput } from './execute-input.js';

// Under the circuit breaker: no number of attempts, only a time, then what comes next on the item's ladder.
const { runAgent, runSegment } = proxyActivities<AgentActivities>({
  taskQueue: queue.agents,
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

const { consolidate, checkpoint } = proxyActivities<CoordinationActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

const { bundleResults } = proxyLocalActivities<GraphActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

export type StartCommand = Extract<Command, { kind: 'start' }>;

/** More results and items than this travel as an artifact: a payload stays small. */
const mostInline = 50;

/** Runs one item as an activity whose id is `{item}.{occurrence}`. */
export async function perform(
  input: ExecuteInput,
  state: GraphState,
  command: StartCommand,
): Promise<ItemResult> {
  const { item, occurrence } = command;
  const { retry, priority = 'normal' } = rulesOf(item);
  const options = {
    activityId: `${item.id}.${occurrence}`,
    summary: summaryOf(command),
    // Tenants share what workers there are; among the items of one, the more urgent come first.
    priority: { priorityKey: priorityKey(priority), fairnessKey: input.run.tenant },
    ...(retry
      ? {
          retry: {
            maximumAttempts: retry.attempts,
            initialInterval: retry.intervalMs,
            backoffCoefficient: retry.backoff,
            maximumInterval: retry.mostIntervalMs,
          },
        }
      : {}),
  };
  switch (item.kind) {
    case 'agent':
      return await runAgent.executeWithOptions({ ...options, startToCloseTimeout: item.timeoutMs }, [
        taskOf(input, state, command),
      ]);
    case 'map':
      return await runSegment.executeWithOptions({ ...options, startToCloseTimeout: item.timeoutMs }, [
        taskOf(input, state, command),
      ]);
    case 'consolidation':
      return await consolidate.executeWithOptions(options, [await barrierOf(input, state, item)]);
    case 'checkpoint':
      return await checkpoint.executeWithOptions(options, [await barrierOf(input, state, item)]);
  }
}

function taskOf(input: ExecuteInput, state: GraphState, { item, agent, how }: StartCommand) {
  if (!agent) throw ApplicationFailure.nonRetryable(`Item ${item.id} has no agent.`, 'NoAgent');
  const { accepted, assignment } = input.input;
  const { results } = inputsOf(state, item);
  const { byId } = indexOf(state.graph);
  const { workspace, merge } = basisOf(item, {
    item: (id) => byId.get(id),
    result: (id) => state.items[id]?.result ?? undefined,
    isSkipped: (id) => state.items[id]?.status === 'skipped',
  });
  const part = partOf(item);
  return {
    run: input.run.run,
    item,
    agent,
    accepted,
    assignment,
    workspace,
    inputs: Object.fromEntries(results.map((result) => [result.item, result.outcome])),
    ...(merge.length > 0 ? { merge } : {}),
    ...(how === 'plain' ? {} : { how }),
    ...(part ? { part } : {}),
  };
}

async function barrierOf(input: ExecuteInput, state: GraphState, item: GraphItem): Promise<BarrierItem> {
  const { accepted, assignment } = input.input;
  const { results } = inputsOf(state, item);
  const waitedFor = new Set(item.after);
  const added = state.graph.items.slice(state.planned).filter(({ id }) => waitedFor.has(id));
  const barrier = {
    run: input.run.run,
    item,
    accepted,
    assignment,
    unfinished: unfinished(state).filter((one) => waitedFor.has(one.item)),
  };
  if (results.length + added.length <= mostInline)
    return { ...barrier, results, ...(added.length > 0 ? { added } : {}) };
  const { bundle } = await bundleResults({ results, added });
  return { ...barrier, results: [], bundle };
}

const summaryOf = ({ item, agent, how }: StartCommand): string =>
  [item.title, ...(agent ? [agent.id] : []), ...(how === 'plain' ? [] : [how])].join(' · ');
