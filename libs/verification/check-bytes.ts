import { finished } from 'node:stream/promises';
import { inParallel } from '../artifacts/snapshot/in-parallel.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { SnapshotRef } from '../contracts/subject.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { faultOf } from './check-list.js';
import type { Judged } from './judged.js';
import type { NamedDigest } from './named-digests.js';

type Source = Pick<Judged, 'store' | 'verified'>;

const atOnce = 8;

/** What is wrong with the bytes that a document names: those of its workspaces' files included. */
export async function byteProblems(source: Source, named: readonly NamedDigest[]): Promise<string[]> {
  const problems: string[] = [];
  await inParallel(named, atOnce, async (one) => {
    try {
      switch (one.kind) {
        case 'artifact':
          return await checkBytes(source, one.ref.digest, one.ref.size);
        case 'snapshot':
          return await checkWorkspace(source, one.ref);
        case 'digest':
          return await checkBytes(source, one.digest);
      }
    } catch (error) {
      problems.push(`${one.path || '/'}: ${faultOf(error)}`);
    }
  });
  return problems.sort();
}

/** Reads a workspace's manifest and every file of it. */
async function checkWorkspace(source: Source, ref: SnapshotRef): Promise<void> {
  const { entries } = await readSnapshot(source.store, ref);
  const files = entries.filter((entry) => entry.kind === 'file');
  await inParallel(files, atOnce, ({ digest, size }) => checkBytes(source, digest, size));
}

/** Reads the bytes of an artifact to the end, so that the store compares them with their digest. */
async function checkBytes({ store, verified }: Source, digest: Digest, size?: number): Promise<void> {
  const stored = size === undefined ? undefined : await store.size(digest);
  if (stored !== size)
    throw new HeptadError(
      'ArtifactCorrupt',
      `The artifact ${digest} has ${stored} bytes; it is named with ${size}.`,
    );
  if (verified.has(digest)) return;
  await finished(store.stream(digest).resume());
  verified.add(digest);
}
