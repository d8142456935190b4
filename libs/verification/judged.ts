import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { VerdictRequest } from '../contracts/activities.js';
import type { Digest } from '../protocol/digest.js';
import type { CheckList } from './check-list.js';

/** What a pass judges, and where its bytes are. */
export interface Judged extends VerdictRequest {
  readonly store: ArtifactStore;
  /** Digests whose bytes were hashed and found right already, so that each is read once. */
  readonly verified: Set<Digest>;
  /** Fires when the verdict is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

/** A pass over one phase: it adds its checks, and throws only what is not the judged phase's fault. */
export type Judge = (judged: Judged, checks: CheckList) => Promise<void>;
