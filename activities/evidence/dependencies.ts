import type { Client } from '@temporalio/client';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Trust } from '../../libs/crypto/trust.js';

export interface EvidenceDependencies {
  readonly store: ArtifactStore;
  readonly client: Client;
  /** Folder of the delivered packages, one folder per run. Absolute. */
  readonly packages: string;
  /** File of the workflow bundle that this process's workers load. */
  readonly bundlePath: string;
  /** Signs the records of phases. */
  readonly producer: Signer;
  /** Signs seals. */
  readonly release: Signer;
  /** The keys that are trusted now: a revocation counts at once. */
  readonly trust: () => Promise<Trust>;
}
