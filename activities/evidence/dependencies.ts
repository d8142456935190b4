import type { Client } from '@temporalio/client';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';

export interface EvidenceDependencies {
  readonly store: ArtifactStore;
  readonly client: Client;
  /** Folder of the delivered packages, one folder per run. Absolute. */
  readonly packages: string;
  /** File of the workflow bundle that this process's workers load. */
  readonly bundlePath: string;
}
