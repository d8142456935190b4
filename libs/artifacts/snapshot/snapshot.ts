import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';
import { mediaType } from '../media-types.js';
import { printable } from './paths.js';
import { type OpenFile, type WalkOptions, walkFolder } from './walk-folder.js';
import { writeSnapshot } from './write-snapshot.js';

export interface SnapshotOptions extends WalkOptions {
  /** Whether a folder without a file is a workspace. Default false. */
  readonly allowEmpty?: boolean;
}

const chunkSize = 1024 * 1024;

/**
 * Captures a folder as a workspace: files with their bytes and executable bit, and links; no owners, times or empty
 * folders. The same content gives the same digest.
 *
 * @throws HeptadError `SubjectInvalid`, `SubjectUnknown`, `SubjectUnstable`: as {@link walkFolder} says; `SubjectInvalid`
 *   also for an empty folder
 */
export async function snapshot(
  store: ArtifactStore,
  folder: string,
  options: SnapshotOptions = {},
): Promise<SnapshotRef> {
  // Looked at, read, and looked at again: what is captured was there all the time, and bad folders store nothing.
  const before = await walkFolder(folder, options);
  return store.batch(async (writer) => {
    const entries: SnapshotEntry[] = [];
    const read = await walkFolder(folder, options, async (file) => {
      const { digest, size } = await writer.put(await contentOf(file), mediaType.bytes);
      entries.push({ kind: 'file', path: file.path, executable: file.executable, size, digest });
    });
    for (const [path, target] of read.links) entries.push({ kind: 'link', path, target });
    if (entries.length === 0 && options.allowEmpty !== true)
      throw new HeptadError('SubjectInvalid', `The folder ${printable(folder)} is empty.`);
    const after = await walkFolder(folder, options);
    const changed = firstChange(before.stamps, read.stamps) ?? firstChange(read.stamps, after.stamps);
    if (changed !== undefined)
      throw new HeptadError(
        'SubjectUnstable',
        `${printable(folder)}: "${printable(changed)}" changed during capture.`,
      );
    return writeSnapshot(writer, entries, `The folder ${printable(folder)}`);
  });
}

async function contentOf(file: OpenFile): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
  if (file.size > chunkSize) return chunksOf(file);
  const buffer = Buffer.allocUnsafe(file.size);
  let at = 0;
  while (at < file.size) {
    const { bytesRead } = await file.handle.read(buffer, at, file.size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}

// Never more than the size it had: one that grows meanwhile is noticed by its stamp.
async function* chunksOf(file: OpenFile): AsyncIterable<Uint8Array> {
  for (let at = 0; at < file.size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, file.size - at));
    const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function firstChange(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string | undefined {
  for (const [path, stamp] of before) if (after.get(path) !== stamp) return path;
  for (const path of after.keys()) if (!before.has(path)) return path;
  return undefined;
}
