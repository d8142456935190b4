import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { syncFolder } from '../artifacts/durable-files.js';
import { errorCodeOf, ifThere } from '../artifacts/if-there.js';
import { type MaterialiseOptions, materialise } from '../artifacts/snapshot/materialise.js';
import type { SnapshotRef } from '../contracts/subject.js';

const unfinished = '.unfinished-';
/** What is older than a day was left by a process that is gone. */
const abandoned = 24 * 60 * 60 * 1000;

/**
 * The folder `trees/HEX` of the cache that holds a tree of dependencies, written out once and used again. It is meant to
 * be mounted read-only; nobody writes to it. Two callers at once do no harm.
 *
 * @throws HeptadError as {@link materialise} does
 */
export async function dependencyFolder(
  store: ArtifactStore,
  cacheFolder: string,
  ref: SnapshotRef,
  options: MaterialiseOptions = {},
): Promise<string> {
  const trees = join(cacheFolder, 'trees');
  const folder = join(trees, ref.digest.slice('sha256:'.length));
  if ((await ifThere(stat(folder))) !== undefined) return folder;
  await mkdir(trees, { recursive: true });
  await removeAbandoned(trees);
  const temporary = join(trees, `${unfinished}${randomUUID()}`);
  try {
    await materialise(store, ref, temporary, { ...options, sync: true });
    await rename(temporary, folder);
    await syncFolder(trees);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const code = errorCodeOf(error);
    // Somebody else was faster.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  return folder;
}

async function removeAbandoned(trees: string): Promise<void> {
  for (const name of await readdir(trees)) {
    if (!name.startsWith(unfinished)) continue;
    const seen = await ifThere(stat(join(trees, name)));
    if (seen !== undefined && Date.now() - seen.mtimeMs > abandoned)
      await rm(join(trees, name), { recursive: true, force: true });
  }
}
