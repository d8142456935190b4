import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { PhaseRecord } from '../contracts/evidence.js';
import { attemptLogSchema, phaseRecordSchema } from '../contracts/evidence.js';
import type { WorkGraph } from '../contracts/graph.js';
import { assignmentSchema, executionSchema } from '../contracts/phase.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { type AgentTally, tallyAgents } from './agent-health.js';

/**
 * How often each agent was executed in a run, and how often it failed of itself, by the attempt log that the record of
 * execute names. By agent's id, sorted.
 *
 * @param record that of execute; null where there is none: then no agent is known to have been executed
 * @throws HeptadError `InputInvalid` it is no record; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function tallyRun(
  store: ArtifactStore,
  record: Digest | null,
): Promise<ReadonlyMap<string, AgentTally>> {
  if (record === null) return new Map();
  const found = await store.getJson(record, phaseRecordSchema);
  const graph = await graphOf(store, found);
  if (!graph) return new Map();
  const { attempts } = await store.getJson(found.attempts.log.digest, attemptLogSchema);
  return new Map([...tallyAgents(attempts, graph)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The graph as execute left it; where execute staged nothing, as assign planned it; null where neither is known. */
async function graphOf(store: ArtifactStore, { output, input }: PhaseRecord): Promise<WorkGraph | null> {
  try {
    if (output) return (await store.getJson(output, executionSchema)).graph;
    return input.assignment ? (await store.getJson(input.assignment, assignmentSchema)).graph : null;
  } catch (error) {
    // A rejected phase may have staged what cannot be read; the account is written all the same.
    if (error instanceof HeptadError && error.code !== 'Unexpected') return null;
    throw error;
  }
}
