import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { ConclusionActivities, PhaseAccount } from '../../libs/contracts/activities.js';
import { phaseRecordSchema } from '../../libs/contracts/evidence.js';
import type { WorkGraph } from '../../libs/contracts/graph.js';
import { assignmentSchema, type Conclusion, executionSchema } from '../../libs/contracts/phase.js';
import {
  forgetHealth,
  healthOf,
  readHealth,
  tallyAgents,
  writeHealth,
} from '../../libs/evidence/agent-health.js';
import { readAttempts } from '../../libs/evidence/attempt-entries.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { workflowId } from '../../libs/protocol/names.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import type { ConclusionDependencies } from './dependencies.js';

/**
 * Accounts for every phase, assesses the health of the agents that this run executed, keeps their tallies where
 * assign reads them, and stages the conclusion.
 */
export const accountForRun =
  ({ store }: Pick<ConclusionDependencies, 'store'>): ConclusionActivities['accountForRun'] =>
  async ({ run, phases, failure, scratchFolders }) => {
    const conclusion: Conclusion = {
      kind: 'conclusion',
      phases: phaseNames.map((phase) => {
        const account = phases.find((one) => one.phase === phase);
        return { phase, state: account?.state ?? 'not-started', record: account?.record?.digest ?? null };
      }),
      failure: failure && { code: failure.code, message: failure.message },
      agents: await assessAgents(store, run, phases),
      cleaned: { scratchFolders },
    };
    const completed = conclusion.phases.filter(({ state }) => state === 'completed').length;
    return {
      outcome: await store.putJson(conclusion),
      summary: failure
        ? `${completed} phases completed; ended with ${failure.code}`
        : `${completed} phases completed`,
      facts: null,
    };
  };

async function assessAgents(
  store: ArtifactStore,
  run: string,
  phases: readonly PhaseAccount[],
): Promise<Conclusion['agents']> {
  const graph = await graphOf(store, phases);
  if (!graph) return [];
  const attempts = await readAttempts(store, run, workflowId.phase(run, 'execute'));
  const agents: Conclusion['agents'] = [];
  for (const [agent, tally] of [...tallyAgents(attempts, graph)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await writeHealth(store, { agent, run }, tally);
    await forgetHealth(store, agent);
    agents.push({ agent, ...tally, health: healthOf(await readHealth(store, agent)) });
  }
  return agents;
}

/** The graph as execute left it; where execute staged nothing, as assign planned it; null where neither is known. */
async function graphOf(store: ArtifactStore, phases: readonly PhaseAccount[]): Promise<WorkGraph | null> {
  const record = phases.find(({ phase }) => phase === 'execute')?.record;
  if (!record) return null;
  const { output, input } = await store.getJson(record.digest, phaseRecordSchema);
  try {
    if (output) return (await store.getJson(output, executionSchema)).graph;
    return input.assignment ? (await store.getJson(input.assignment, assignmentSchema)).graph : null;
  } catch (error) {
    // A rejected phase may have staged what cannot be read; the account is written all the same.
    if (error instanceof HeptadError && error.code !== 'Unexpected') return null;
    throw error;
  }
}
