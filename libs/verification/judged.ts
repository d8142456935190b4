import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { VerdictRequest } from '../contracts/activities.js';
import type { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import type { CheckList } from './check-list.js';

/** What a pass judges, and where its bytes are. */
export interface Judged extends VerdictRequest {
  readonly store: ArtifactStore;
  /** The pinned keys, read anew each time, so that one that is revoked is not trusted from then on. */
  readonly trust: () => Promise<Trust>;
  /** Digests whose bytes were hashed and found right already, so that each is read once. */
  readonly verified: Set<Digest>;
  /** fs-verity digests of bytes that were measured already. */
  readonly fsverity?: Map<Digest, string>;
  /** Fires when the verdict is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

/** A pass over one phase: it adds its checks, and throws only what is not the judged phase's fault. */
export type Judge = (judged: Judged, checks: CheckList) => Promise<void>;
