import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Trust } from '../../libs/crypto/trust.js';
import type { S3Settings } from '../../libs/delivery/open-object-store.js';

export interface DeliveryDependencies {
  readonly store: ArtifactStore;
  /** Folder for temporary folders. Absolute. */
  readonly scratch: string;
  /** Folder of the delivered packages, one folder per run. Absolute. */
  readonly packages: string;
  /** Signs the attestations. */
  readonly release: Signer;
  /** The pinned keys, read anew each time. */
  readonly trust: () => Promise<Trust>;
  /** Folders below which packages may be delivered beside their folder. Absolute. */
  readonly roots: readonly string[];
  /** The object store for deliveries to a bucket. */
  readonly s3: S3Settings;
}
