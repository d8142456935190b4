import { setImmediate } from 'node:timers/promises';
import { type Snapshot, type SnapshotRef, snapshotSchema } from '../../contracts/subject.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';
import { checkEntries } from './check-entries.js';

/**
 * Reads the manifest of a workspace and checks it as if it were hostile: anyone may name a digest.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`; `InputInvalid` where it is no manifest; `SubjectInvalid` where
 *   its paths or links are not safe, or where `ref` counts other files or bytes than it has
 */
export async function readSnapshot(store: ArtifactStore, ref: SnapshotRef): Promise<Snapshot> {
  const snapshot = await store.getJson(ref.digest, snapshotSchema);
  // To parse a large manifest and to check it take some 40 ms each: not both in one turn of the event loop.
  await setImmediate();
  checkEntries(snapshot.entries, `The workspace ${ref.digest}`);
  const files = snapshot.entries.filter((entry) => entry.kind === 'file');
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length !== ref.files || bytes !== ref.bytes)
    throw new HeptadError(
      'SubjectInvalid',
      `The workspace ${ref.digest} has ${files.length} files of ${bytes} bytes, not ${ref.files} of ${ref.bytes}.`,
    );
  return snapshot;
}
