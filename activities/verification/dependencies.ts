import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Pass } from '../../libs/contracts/evidence.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Trust } from '../../libs/crypto/trust.js';
import type { Digest } from '../../libs/protocol/digest.js';
import type { CleanRoom } from '../../libs/verification/re-execution/clean-room.js';

export interface VerificationDependencies extends Omit<CleanRoom, 'signal' | 'onActivity'> {
  readonly store: ArtifactStore;
  /** The one pass that is carried out here. */
  readonly pass: Pass;
  /** Signs the verdicts: of the pass's verifier. */
  readonly signer: Signer;
  /** Digest of the program that judges. */
  readonly program: Digest;
  /** The pinned keys, read anew each time. */
  readonly trust: () => Promise<Trust>;
}
