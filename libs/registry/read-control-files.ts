import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import { type ControlFile, controlFileNames } from '../contracts/control-files.js';
import type { SnapshotRef } from '../contracts/subject.js';
import type { ReadControlFile } from '../control-files/control-item.js';
import { lintControlBytes, mostBytes, tooLarge } from '../control-files/lint-control-bytes.js';

/** A control file of a captured subject. */
export type CapturedControlFile = Pick<ControlFile, 'file' | 'digest'> & ReadControlFile;

/** Reads `.sop` and `.todo` at the root of a captured subject, those that are there. */
export async function readControlFiles(
  store: ArtifactStore,
  snapshot: SnapshotRef,
): Promise<CapturedControlFile[]> {
  const { entries } = await readSnapshot(store, snapshot);
  const files: CapturedControlFile[] = [];
  for (const file of controlFileNames) {
    const entry = entries.find(({ path }) => path === file);
    if (entry?.kind !== 'file') continue;
    const { digest, size } = entry;
    files.push({
      file,
      digest,
      ...(size > mostBytes ? tooLarge(size) : lintControlBytes(file, await store.get(digest))),
    });
  }
  return files;
}
