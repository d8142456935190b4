import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AgentActivities, CoordinationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { ItemResult, ItemView, WorkGraph } from '../../libs/contracts/graph.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import {
  type Command,
  type GraphEvent,
  type GraphState,
  initial,
  inputsOf,
  itemViews,
  step,
} from '../../libs/graph/schedule.js';
import { effects } from '../../libs/protocol/effects.js';
import { queryName } from '../../libs/protocol/messages.js';
import { queue } from '../../libs/protocol/names.js';
import { failureFrom } from '../failures.js';

// Under the circuit breaker: no number of attempts, only a time, then the backup agent.
const { runAgent } = proxyActivities<AgentActivities>({
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

/** What execute is given. */
export interface ExecuteInput extends PhaseInput {
  readonly input: { readonly accepted: ArtifactRef; readonly assignment: ArtifactRef };
  readonly graph: WorkGraph;
  /** Events of history after which it continues as new, where that is not left to Temporal's suggestion. */
  readonly continueAfter?: number;
  /** Where the run before in the chain left off. */
  readonly state?: GraphState;
}

type StartCommand = Extract<Command, { kind: 'start' }>;

/**
 * Carries out what the scheduler commands until it says that the graph is finished. When the history grows
 * long it starts nothing new, waits for what runs, and continues as new with the state: what was commanded
 * and not started is commanded again there.
 */
export async function interpret(input: ExecuteInput, startedAt: string): Promise<GraphState> {
  let state = input.state ?? initial(input.graph);
  const events: GraphEvent[] = [{ kind: 'begun' }];
  let running = 0;
  let finished = false;
  let draining = false;
  let cancellation: unknown;

  setHandler(defineQuery<ItemView[]>(queryName.items), () => itemViews(state), {
    description: 'Every item of the work: its state, its agent, and what came out.',
  });

  const start = async (command: StartCommand): Promise<void> => {
    running += 1;
    const item = command.item.id;
    events.push({ kind: 'started', item, at: now() });
    try {
      const result = await perform(input, state, command);
      events.push({ kind: 'succeeded', item, result, at: now() });
    } catch (error) {
      if (isCancellation(error)) cancellation ??= error;
      else events.push({ kind: 'failed', item, code: failureFrom(error).code, at: now() });
    }
    running -= 1;
  };

  while (!finished) {
    // A cancellation reaches the items, and this goes on when the last of them has ended: none runs behind its back.
    await CancellationScope.nonCancellable(() => condition(() => events.length > 0 || running === 0));
    if (events.length === 0) {
      if (cancellation !== undefined) throw cancellation;
      await continueAsNew({ ...input, startedAt, state });
    }
    draining ||= cancellation !== undefined || tooLong(input);
    for (let event = events.shift(); event; event = events.shift()) {
      const next = step(state, event);
      state = next.state;
      for (const command of next.commands) {
        if (command.kind === 'finish') finished = true;
        else if (!draining) void start(command);
      }
    }
    showProgress(state);
  }
  return state;
}

const continueAsNew = makeContinueAsNewFunc<
  (input: ExecuteInput & { startedAt: string }) => Promise<unknown>
>({
  workflowType: 'execute',
});

function tooLong({ continueAfter }: ExecuteInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (continueAfter !== undefined && historyLength >= continueAfter);
}

/** Runs one item as an activity whose id is `{item}.{occurrence}`. */
async function perform(input: ExecuteInput, state: GraphState, command: StartCommand): Promise<ItemResult> {
  const { item, agent, occurrence } = command;
  const { run } = input.run;
  const { accepted, assignment } = input.input;
  const before = inputsOf(state, item);
  const options = { activityId: `${item.id}.${occurrence}`, summary: summaryOf(command) };
  if (item.kind === 'agent') {
    if (!agent) throw ApplicationFailure.nonRetryable(`Item ${item.id} has no agent.`, 'NoAgent');
    const workspace = before.results.find((result) => result.item === item.workspace)?.workspace ?? null;
    const inputs = Object.fromEntries(before.results.map((result) => [result.item, result.outcome]));
    const task = { run, item, agent, accepted, assignment, workspace, inputs };
    const timed = { ...options, startToCloseTimeout: item.timeoutMs };
    return await runAgent.executeWithOptions(timed, [task]);
  }
  const barrier = { run, item, accepted, assignment, ...before };
  switch (item.kind) {
    case 'consolidation':
      return await consolidate.executeWithOptions(options, [barrier]);
    case 'checkpoint':
      return await checkpoint.executeWithOptions(options, [barrier]);
    case 'map':
      throw ApplicationFailure.nonRetryable(
        `Item ${item.id} is of a kind that cannot run yet.`,
        'InputInvalid',
      );
  }
}

const summaryOf = ({ item, agent }: StartCommand): string =>
  agent ? `${item.title} · ${agent.id}` : item.title;

function showProgress(state: GraphState): void {
  const views = itemViews(state);
  const settled = views.filter(({ status }) => status !== 'pending' && status !== 'running').length;
  const lines = views.map(({ id, status, summary }) => `- ${id}: ${status}${summary ? ` · ${summary}` : ''}`);
  setCurrentDetails(
    [`**3 of 7, execute** · ${settled} of ${views.length} items settled`, ...lines.slice(0, 50)].join('\n'),
  );
}

const now = (): string => new Date().toISOString();
