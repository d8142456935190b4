import { agentRunOf } from '../../libs/agents/agent-run-of.js';
import { runAgent as execute } from '../../libs/agents/run-agent.js';
import type { AgentActivities } from '../../libs/contracts/activities.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { noteSandbox } from '../../libs/temporal/attempt-notes.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { AgentDependencies } from './dependencies.js';
import { summarise } from './summarise.js';

/**
 * Executes an agent on an item and stores what it hands back.
 *
 * @throws HeptadError as `libs/agents/run-agent` does
 */
export const runAgent =
  (dependencies: AgentDependencies): AgentActivities['runAgent'] =>
  async (task) => {
    const { store } = dependencies;
    const complete = await agentRunOf({ ...task, store });
    const result = await interruptible((signal) =>
      execute({ ...dependencies, ...complete, signal, onAdvance: proveStep }),
    );
    noteSandbox(result.sandbox);
    const effects = [result.outcome.digest, ...(result.workspace ? [result.workspace.digest] : [])];
    await proveStep({ milestone: 'outcome stored', percent: 100, effects });
    return {
      item: task.item.id,
      agent: task.agent,
      outcome: result.outcome,
      measurements: result.measurements,
      workspace: result.workspace ?? null,
      ...(await summarise(store, result.outcome)),
    };
  };
