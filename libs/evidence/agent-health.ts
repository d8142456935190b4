import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import type { Attempt } from '../contracts/evidence.js';
import type { WorkGraph } from '../contracts/graph.js';
import type { Conclusion } from '../contracts/phase.js';
import type { ErrorCode } from '../protocol/errors.js';

/** How often an agent was executed, and how often it failed of itself. */
export interface AgentTally {
  readonly executions: number;
  readonly failures: number;
}

const entrySchema = z.strictObject({
  executions: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** When the run was accounted for. */
  at: z.iso.datetime(),
});

/** What an entry of another form counts as: entries are derived, so none of them may keep a run from its agents. */
const nothing = { executions: 0, failures: 0, at: new Date(0).toISOString() };

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

/**
 * How far back an agent's executions count: an hour in milliseconds. One that is failing is not executed, so only time
 * can give it another chance.
 */
export const healthWindow = 60 * 60 * 1000;

/** Keeps an agent's tally of one run; accounting again for the run replaces it. */
export async function writeHealth(
  store: ArtifactStore,
  { agent, run }: { readonly agent: string; readonly run: string },
  { executions, failures }: AgentTally,
  at = new Date(),
): Promise<void> {
  const entry: HealthEntry = { executions, failures, at: at.toISOString() };
  await store.entries.put(healthEntryName(agent, run), JSON.stringify(entry));
}

/** An agent's tally over the runs of the last hour. */
export async function readHealth(store: ArtifactStore, agent: string, now = Date.now()): Promise<AgentTally> {
  const tally = { executions: 0, failures: 0 };
  for await (const { entry } of entriesOf(store, agent)) {
    if (isPast(entry, now)) continue;
    tally.executions += entry.executions;
    tally.failures += entry.failures;
  }
  return tally;
}

/** Deletes an agent's tallies that no longer count, so that as many are read as there are runs in an hour. */
export async function forgetHealth(store: ArtifactStore, agent: string, now = Date.now()): Promise<void> {
  for await (const { name, entry } of entriesOf(store, agent))
    if (isPast(entry, now)) await store.entries.delete(name);
}

type HealthEntry = z.infer<typeof entrySchema>;

async function* entriesOf(
  store: ArtifactStore,
  agent: string,
): AsyncGenerator<{ readonly name: string; readonly entry: HealthEntry }> {
  for (const name of await store.entries.list(`health/${agent}/`)) {
    const bytes = await store.entries.get(name);
    if (bytes) yield { name, entry: parseJson(bytes, entrySchema.catch(nothing), `The entry ${name}`) };
  }
}

const isPast = ({ at }: HealthEntry, now: number): boolean => Date.parse(at) < now - healthWindow;

/**
 * The code by which an agent fails of itself. Every other one is its answer about a subject, such as `NoTests`, or
 * speaks of a limit that the subject's own tests went over, of Heptad or of its machine. Counted, a few bad subjects
 * would take the agents that run tests away from all others.
 */
const ownFailure: ErrorCode = 'AgentFailed';

/**
 * Tallies a run's attempts of `runAgent` by agent. The activity id `{item}.{occurrence}` says which agent it was:
 * the item's first, then its backups. Attempts that say nothing of the agent are not counted: those that were
 * cancelled, whose outcome is unknown, or that failed with another code than {@link ownFailure}.
 */
export function tallyAgents(attempts: readonly Attempt[], graph: WorkGraph): ReadonlyMap<string, AgentTally> {
  const items = new Map(graph.items.map((item) => [item.id, item]));
  const tallies = new Map<string, AgentTally>();
  for (const { key, activity, outcome, code } of attempts) {
    const said = outcome === 'completed' || (outcome === 'failed' && code === ownFailure);
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
