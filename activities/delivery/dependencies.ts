import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface DeliveryDependencies {
  readonly store: ArtifactStore;
  /** Folder of the delivered packages, one folder per run. Absolute. */
  readonly packages: string;
}
