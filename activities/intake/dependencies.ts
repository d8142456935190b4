import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface IntakeDependencies {
  readonly store: ArtifactStore;
  /** Folder for temporary folders. Absolute. */
  readonly scratch: string;
  /** Folders below which directories and local repositories may be subjects. Absolute. */
  readonly roots: readonly string[];
  /** Folders below which packages may be delivered. Absolute. */
  readonly deliveryRoots: readonly string[];
}
