import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { type AgentManifest, agentManifestSchema } from '../contracts/agent.js';
import type { AgentRef } from '../contracts/graph.js';
import { HeptadError } from '../protocol/errors.js';

/**
 * The manifest of an agent that was assigned.
 *
 * @throws HeptadError `AgentUnknown` it is of another agent; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readManifest(store: ArtifactStore, { id, manifest }: AgentRef): Promise<AgentManifest> {
  const read = await store.getJson(manifest, agentManifestSchema);
  if (read.id !== id)
    throw new HeptadError('AgentUnknown', `The manifest ${manifest} is of ${read.id}, not of ${id}.`);
  return read;
}
