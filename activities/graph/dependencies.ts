import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface GraphDependencies {
  readonly store: ArtifactStore;
}
