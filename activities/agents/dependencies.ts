import type { AgentRoom } from '../../libs/agents/agent-room.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface AgentDependencies extends AgentRoom {
  readonly store: ArtifactStore;
}
