import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { AgentManifest } from '../../libs/contracts/agent.js';

export interface RegistryDependencies {
  readonly store: ArtifactStore;
  /** Folder for temporary folders. Absolute. */
  readonly scratch: string;
  /** The agents that may be chosen. */
  readonly roster: readonly AgentManifest[];
}
