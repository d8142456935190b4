import type { Digest } from '../../protocol/digest.js';
import type { Amount, ArtifactStore } from '../artifact-store.js';
import { type ReachableOptions, reachable } from './reachable.js';

/** What the artifacts that can be reached from some roots take on disk, each counted once. */
export async function sizeOf(
  store: ArtifactStore,
  roots: Iterable<Digest> | AsyncIterable<Digest>,
  options?: ReachableOptions,
): Promise<Amount> {
  const { found } = await reachable(store, roots, options);
  let bytes = 0;
  for (const size of found.values()) bytes += size;
  return { count: found.size, bytes };
}
