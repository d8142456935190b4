import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';
import { digestsIn, type NamedDigest } from './digests-in.js';

/** What can be reached from some roots. */
export interface Reachable {
  /** Sizes in bytes by digest. */
  readonly found: ReadonlyMap<Digest, number>;
  /** Digests that are named, as a root or as a JSON string of their own, but are not in the store. */
  readonly missing: ReadonlySet<Digest>;
}

export interface ReachableOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while there is progress. */
  readonly heartbeat?: (() => void) | undefined;
}

/**
 * Follows digests from the roots: every `sha256:…` that stands in a JSON artifact (one that starts with a brace or a
 * bracket) keeps the artifact that it names. One that stands in a sentence is not missed where there is no such
 * artifact: it may be a quotation. Digests inside encoded payloads are not seen.
 */
export async function reachable(
  store: ArtifactStore,
  roots: Iterable<Digest> | AsyncIterable<Digest>,
  { signal, heartbeat }: ReachableOptions = {},
): Promise<Reachable> {
  const found = new Map<Digest, number>();
  const absent = new Set<Digest>();
  const missing = new Set<Digest>();
  const queue: NamedDigest[] = [];
  const follow = async ({ digest, whole }: NamedDigest) => {
    signal?.throwIfAborted();
    if (found.has(digest)) return;
    if (!absent.has(digest)) {
      try {
        found.set(digest, await store.size(digest));
        for await (const named of digestsIn(store.stream(digest))) {
          if (!found.has(named.digest)) queue.push(named);
        }
      } catch (error) {
        if (!(error instanceof HeptadError) || error.code !== 'ArtifactUnknown') throw error;
        found.delete(digest);
        absent.add(digest);
      }
    }
    if (whole && absent.has(digest)) missing.add(digest);
    heartbeat?.();
  };
  for await (const digest of roots) {
    await follow({ digest, whole: true });
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await follow(next);
  }
  return { found, missing };
}
