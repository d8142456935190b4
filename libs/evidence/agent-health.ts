import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import type { Attempt } from '../contracts/evidence.js';
import type { WorkGraph } from '../contracts/graph.js';
import type { Conclusion } from '../contracts/phase.js';

/** How often an agent was executed, and how often that failed. */
const agentTallySchema = z.strictObject({
  executions: z.int().nonnegative(),
  failures: z.int().nonnegative(),
});
export type AgentTally = z.infer<typeof agentTallySchema>;
export type AgentHealth = Conclusion['agents'][number]['health'];

/** Executions below which a failure does not make an agent `failing`: one bad subject says little of it. */
const enough = 4;

/** `healthy` up to a fifth of failures, `failing` from a half on, and only after four executions. */
export function healthOf({ executions, failures }: AgentTally): AgentHealth {
  if (failures * 5 <= executions) return 'healthy';
  return failures * 2 >= executions && executions >= enough ? 'failing' : 'degraded';
}

/** Name of the entry with an agent's tally of one run. It is derived, and can be made again from the records. */
export const healthEntryName = (agent: string, run: string): string => `health/${agent}/${run}.json`;

/** An agent's tally over all runs that the store knows of. */
export async function readHealth(store: ArtifactStore, agent: string): Promise<AgentTally> {
  const tally = { executions: 0, failures: 0 };
  for (const name of await store.entries.list(`health/${agent}/`)) {
    const bytes = await store.entries.get(name);
    if (!bytes) continue;
    const one = parseJson(bytes, agentTallySchema, `The entry ${name}`);
    tally.executions += one.executions;
    tally.failures += one.failures;
  }
  return tally;
}

/**
 * Codes that speak of Heptad, its machine or the subject, not of the agent. A subject whose tests go over every limit
 * would else take the agents that run tests away from all others.
 */
const notTheAgents: ReadonlySet<string | null> = new Set([
  'CircuitOpen',
  'NoTests',
  'SandboxLimit',
  'SandboxUnavailable',
  'WorkerStopping',
]);

/**
 * Tallies a run's attempts of `runAgent` by agent. The activity id `{item}.{occurrence}` says which agent it was:
 * the item's first, then its backups. Attempts that say nothing of the agent are not counted: those that were
 * cancelled or whose outcome is unknown, and those that ended with one of {@link notTheAgents}.
 */
export function tallyAgents(attempts: readonly Attempt[], graph: WorkGraph): ReadonlyMap<string, AgentTally> {
  const items = new Map(graph.items.map((item) => [item.id, item]));
  const tallies = new Map<string, AgentTally>();
  for (const { key, activity, outcome, code } of attempts) {
    const said = outcome === 'completed' || (outcome === 'failed' && !notTheAgents.has(code));
    if (activity !== 'runAgent' || !said) continue;
    const [, item = '', occurrence = ''] = /:([^:]*)\.(\d+)$/.exec(key) ?? [];
    const agent = items.get(item)?.agents[Number(occurrence) - 1]?.id;
    if (!agent) continue;
    const { executions, failures } = tallies.get(agent) ?? { executions: 0, failures: 0 };
    tallies.set(agent, {
      executions: executions + 1,
      failures: failures + (outcome === 'failed' ? 1 : 0),
    });
  }
  return tallies;
}
