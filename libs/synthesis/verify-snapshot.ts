import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import type { Checked } from './judged.js';
import { count } from './order.js';

/**
 * Whether a workspace is whole: its manifest and every file of it are in the store, and their bytes have the digests
 * that name them. Every byte is read and hashed.
 */
export async function verifySnapshot(
  store: ArtifactStore,
  snapshot: SnapshotRef,
  signal?: AbortSignal,
): Promise<Checked> {
  try {
    const { entries } = await readSnapshot(store, snapshot);
    let files = 0;
    for (const entry of entries) {
      signal?.throwIfAborted();
      if (entry.kind !== 'file') continue;
      let size = 0;
      for await (const chunk of store.stream(entry.digest)) size += chunk.length;
      if (size !== entry.size)
        return { ok: false, says: `${entry.path} has ${size} bytes, not ${entry.size}.` };
      files += 1;
    }
    return { ok: true, says: `${snapshot.digest}: ${count(files, 'file')}, each read and hashed again.` };
  } catch (error) {
    if (!(error instanceof HeptadError)) throw error;
    return { ok: false, says: `${error.code}: ${error.message}` };
  }
}
