import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface CoordinationDependencies {
  readonly store: ArtifactStore;
}
