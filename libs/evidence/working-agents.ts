import { isDeepStrictEqual } from 'node:util';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { PhaseRecord } from '../contracts/evidence.js';
import { executionSchema } from '../contracts/phase.js';
import type { Digest } from '../protocol/digest.js';
import { readSigned } from './read-named-documents.js';

/**
 * The agents that worked on items, as the record of execute names them: they follow from what it staged. Of what
 * cannot be read, which pass A rejects, there are none.
 */
export async function workingAgents(
  store: ArtifactStore,
  phase: PhaseRecord['phase'],
  output: Digest | null,
): Promise<PhaseRecord['agents']> {
  if (phase !== 'execute' || output === null) return [];
  const execution = await readSigned(store, output, executionSchema);
  return (execution?.results ?? []).flatMap(({ item, agent, outcome }) =>
    agent ? [{ item, agent: agent.id, manifest: agent.manifest, outcome: outcome.digest }] : [],
  );
}

/** Why the agents that a record names are not those that worked, as sentences. */
export async function agentProblems(store: ArtifactStore, record: PhaseRecord): Promise<string[]> {
  const expected = await workingAgents(store, record.phase, record.output);
  return isDeepStrictEqual(record.agents, expected)
    ? []
    : ['Its record does not name the agents that worked, as what it staged tells.'];
}
