import { agentRunOf, type CompleteAgentRun } from '../../libs/agents/agent-run-of.js';
import { cachedResults } from '../../libs/agents/cached-results.js';
import { checkDone } from '../../libs/agents/check-done.js';
import { runAgent as execute } from '../../libs/agents/run-agent.js';
import type { AgentActivities, AgentItem } from '../../libs/contracts/activities.js';
import type { AgentResult } from '../../libs/contracts/agent.js';
import type { ItemResult } from '../../libs/contracts/graph.js';
import { proveStep, showPartial } from '../../libs/evidence/progress.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { noteSandbox } from '../../libs/temporal/attempt-notes.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { AgentDependencies } from './dependencies.js';
import { summarise } from './summarise.js';

/**
 * Executes an agent on an item, checks that it is done, and stores what it hands back. Where the item allows it, a
 * result that was made before by the same agent from the same inputs is taken, and marked so.
 *
 * @throws HeptadError as `libs/agents/run-agent` does, and `NotDone`
 */
export const runAgent =
  (dependencies: AgentDependencies): AgentActivities['runAgent'] =>
  async (task) => {
    try {
      return await perform(dependencies, task);
    } catch (error) {
      throw asItemSays(error, task);
    }
  };

async function perform(dependencies: AgentDependencies, task: AgentItem): Promise<ItemResult> {
  const { store } = dependencies;
  const complete = await agentRunOf({ ...task, store });
  const cache = task.item.rules?.cache ? cachedResults(store, complete) : null;
  const cached = await cache?.find();
  if (cached) {
    await proveStep({
      milestone: 'result of an earlier run taken',
      percent: 100,
      effects: [cached.outcome.digest],
    });
    return await resultOf(dependencies, task, complete, cached, true);
  }
  const result = await interruptible(async (signal) => {
    const made = await execute({
      ...dependencies,
      ...complete,
      expects: complete.expected.name,
      signal,
      onAdvance: proveStep,
      onPartial: showPartial,
    });
    noteSandbox(made.sandbox);
    await checkDone({ ...dependencies, complete, made, signal });
    return made;
  });
  await cache?.keep(result);
  const effects = [result.outcome.digest, ...(result.workspace ? [result.workspace.digest] : [])];
  await proveStep({ milestone: 'outcome stored', percent: 100, effects });
  return await resultOf(dependencies, task, complete, result, false);
}

async function resultOf(
  { store }: AgentDependencies,
  { item, agent, how }: AgentItem,
  { merged, expected }: CompleteAgentRun,
  made: Pick<AgentResult, 'outcome' | 'measurements' | 'workspace'>,
  cached: boolean,
): Promise<ItemResult> {
  return {
    item: item.id,
    agent,
    outcome: made.outcome,
    measurements: made.measurements,
    workspace: made.workspace ?? null,
    ...(await summarise(store, made.outcome, item.rules?.facts ?? [], expected.schema)),
    ...(cached ? { cached } : {}),
    ...(how === 'narrow' || how === 'log' ? { how } : {}),
    ...(merged && !made.workspace ? { workedOn: merged } : {}),
  };
}

/** A failure that is final elsewhere is tried again where the item's policy says so. */
function asItemSays(error: unknown, { item }: AgentItem): unknown {
  if (!(error instanceof HeptadError) || !item.rules?.retry?.on.includes(error.code)) return error;
  return new HeptadError(error.code, error.message, {
    problems: error.problems,
    cause: error,
    retryable: true,
  });
}
