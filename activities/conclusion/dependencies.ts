import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface ConclusionDependencies {
  readonly store: ArtifactStore;
  /** Folder of the temporary folders of work in progress. Absolute. */
  readonly scratch: string;
  /** Folder of the delivered packages. Absolute. */
  readonly packages: string;
}
