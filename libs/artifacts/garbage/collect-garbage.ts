import type { Digest } from '../../protocol/digest.js';
import type { Amount, ArtifactStore } from '../artifact-store.js';
import { type ReachableOptions, reachable } from './reachable.js';

/** An hour in milliseconds: what a run has stored and not yet named anywhere is spared for as long. */
export const defaultGrace = 60 * 60 * 1000;

export interface GarbageOptions extends ReachableOptions {
  /** False: only look. */
  readonly deleteThem: boolean;
  /** What was put or kept within so many milliseconds is spared. Default {@link defaultGrace}. */
  readonly grace?: number;
}

export interface GarbageReport {
  readonly deleted: boolean;
  /** Artifacts that can be reached from the roots. */
  readonly kept: Amount;
  /** Artifacts that cannot be reached, but are within the grace period. */
  readonly young: Amount;
  /** Artifacts that were deleted, or would be. */
  readonly garbage: Amount;
  /** Files of writers that were killed, deleted or to be. */
  readonly leftovers: Amount;
  /** Artifacts that are named other than in a sentence, but are not in the store. */
  readonly missing: readonly Digest[];
}

/**
 * Finds the artifacts that no root reaches, and deletes them where asked to. Safe beside writers: what is put or kept
 * meanwhile stays.
 *
 * @param roots digests that are needed; what JSON artifacts among them name is needed too
 */
export async function collectGarbage(
  store: ArtifactStore,
  roots: Iterable<Digest> | AsyncIterable<Digest>,
  { deleteThem, grace = defaultGrace, ...options }: GarbageOptions,
): Promise<GarbageReport> {
  const olderThan = new Date(Date.now() - grace);
  const { found, missing } = await reachable(store, roots, options);
  const kept = tally();
  const young = tally();
  const garbage = tally();
  for await (const { digest, size, modified } of store.list()) {
    options.signal?.throwIfAborted();
    options.heartbeat?.();
    if (found.has(digest)) kept.add(size);
    else if (modified >= olderThan) young.add(size);
    else if (!deleteThem || (await store.remove(digest, olderThan))) garbage.add(size);
    else young.add(size);
  }
  return {
    deleted: deleteThem,
    kept: kept.amount(),
    young: young.amount(),
    garbage: garbage.amount(),
    leftovers: await store.leftovers(olderThan, deleteThem),
    missing: [...missing].sort(),
  };
}

function tally() {
  let count = 0;
  let bytes = 0;
  return {
    add: (size: number) => {
      count += 1;
      bytes += size;
    },
    amount: (): Amount => ({ count, bytes }),
  };
}
