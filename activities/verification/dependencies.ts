import type { AgentRoom } from '../../libs/agents/agent-room.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface VerificationDependencies extends AgentRoom {
  readonly store: ArtifactStore;
}
