import { type Digest, isDigest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';

/** What can be reached from some roots. */
export interface Reachable {
  /** Sizes in bytes by digest. */
  readonly found: ReadonlyMap<Digest, number>;
  /** Digests that are named but are not in the store. */
  readonly missing: ReadonlySet<Digest>;
}

export interface ReachableOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while there is progress. */
  readonly heartbeat?: (() => void) | undefined;
}

/**
 * Follows digests from the roots: every `sha256:…` that stands in a JSON artifact (one that starts with a brace or a
 * bracket) names an artifact that belongs to it. Digests inside encoded payloads are not seen.
 */
export async function reachable(
  store: ArtifactStore,
  roots: Iterable<Digest> | AsyncIterable<Digest>,
  { signal, heartbeat }: ReachableOptions = {},
): Promise<Reachable> {
  const found = new Map<Digest, number>();
  const missing = new Set<Digest>();
  const queue: Digest[] = [];
  const follow = async (digest: Digest) => {
    signal?.throwIfAborted();
    if (found.has(digest) || missing.has(digest)) return;
    try {
      found.set(digest, await store.size(digest));
      for await (const named of digestsIn(store.stream(digest))) {
        if (!found.has(named) && !missing.has(named)) queue.push(named);
      }
    } catch (error) {
      if (!(error instanceof HeptadError) || error.code !== 'ArtifactUnknown') throw error;
      found.delete(digest);
      missing.add(digest);
    }
    heartbeat?.();
  };
  for await (const root of roots) {
    await follow(root);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await follow(next);
  }
  return { found, missing };
}

/** Digests in a text, if its first character is that of a JSON object or array. */
export async function* digestsIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Digest> {
  const length = 'sha256:'.length + 64;
  let rest = '';
  let first = true;
  for await (const chunk of chunks) {
    const text = rest + Buffer.from(chunk).toString('latin1');
    if (first && !/^\s*[{[]/.test(text)) return;
    first = false;
    for (const [match] of text.matchAll(/sha256:[0-9a-f]{64}/g)) if (isDigest(match)) yield match;
    rest = text.slice(-(length - 1));
  }
}
