import { constants } from 'node:fs';
import { chmod, mkdir, open, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';
import { ifThere } from '../if-there.js';
import { inParallel } from './in-parallel.js';
import { readSnapshot } from './read-snapshot.js';

export interface MaterialiseOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while there is progress. */
  readonly heartbeat?: (() => void) | undefined;
  /** Whether each file is synced, for a folder that must survive a loss of power. Default false. */
  readonly sync?: boolean;
}

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

/**
 * Writes a workspace into a folder, which must not exist or be empty: copies, never hard links, folders and executable
 * files with mode 755, others with 644. After a failure the folder is gone.
 *
 * @throws HeptadError as {@link readSnapshot} does; `ArtifactUnknown` or `ArtifactCorrupt` for a file; `InputInvalid`
 *   where the folder is not empty
 */
export async function materialise(
  store: ArtifactStore,
  ref: SnapshotRef,
  folder: string,
  options: MaterialiseOptions = {},
): Promise<void> {
  const { entries } = await readSnapshot(store, ref);
  if (((await ifThere(readdir(folder))) ?? []).length > 0)
    throw new HeptadError('InputInvalid', `The folder ${folder} is not empty, so nothing was written to it.`);
  try {
    await makeFolders(folder, entries);
    const files = entries.filter((entry) => entry.kind === 'file');
    await inParallel(files, 16, async (file) => {
      options.signal?.throwIfAborted();
      await writeFile(store, file, join(folder, file.path), options.sync === true);
      options.heartbeat?.();
    });
    // Last, so that no file is written through one.
    for (const entry of entries)
      if (entry.kind === 'link') await symlink(entry.target, join(folder, entry.path));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeFolders(folder: string, entries: readonly SnapshotEntry[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const made = new Set<string>(['.']);
  for (const { path } of entries) {
    const missing: string[] = [];
    for (let parent = dirname(path); !made.has(parent); parent = dirname(parent)) missing.push(parent);
    for (const parent of missing.reverse()) {
      await mkdir(join(folder, parent));
      // The umask does not decide who can read a workspace.
      await chmod(join(folder, parent), 0o755);
      made.add(parent);
    }
  }
}

async function writeFile(store: ArtifactStore, file: FileEntry, path: string, sync: boolean): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  const handle = await open(path, flags, 0o600);
  try {
    let size = 0;
    const small = file.size <= 1024 * 1024;
    for await (const chunk of small ? [await store.get(file.digest)] : store.stream(file.digest)) {
      size += chunk.length;
      await handle.appendFile(chunk);
    }
    if (size !== file.size)
      throw new HeptadError(
        'ArtifactCorrupt',
        `${file.path} has ${size} bytes, but its manifest says ${file.size}.`,
      );
    await handle.chmod(file.executable ? 0o755 : 0o644);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}
