import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { ensureFolder, syncFolder } from '../artifacts/durable-files.js';
import { errorCodeOf, ifThere } from '../artifacts/if-there.js';
import type { Digest } from '../protocol/digest.js';

/** A file to write: where in the folder, and which artifact its bytes are. */
export interface FileToWrite {
  /** Relative, `/`-separated, checked by the caller. */
  readonly path: string;
  readonly digest: Digest;
}

/**
 * Writes artifacts as the files of a new folder beside `target`, under a temporary name, and syncs them.
 * Whoever calls renames it or removes it.
 */
export async function writeBeside(
  store: ArtifactStore,
  target: string,
  files: readonly FileToWrite[],
): Promise<string> {
  const temporary = `${temporaryPrefix(target)}${randomUUID()}`;
  await ensureFolder(dirname(target));
  try {
    await mkdir(temporary);
    for (const file of files) await writeFile(store, join(temporary, file.path), file.digest);
    await syncFolders(temporary);
    return temporary;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Gives a folder its name and makes the name last. @returns false where something has the name already */
export async function publish(temporary: string, target: string): Promise<boolean> {
  try {
    await rename(temporary, target);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
  await syncFolder(dirname(target));
  return true;
}

/** Takes a folder away from its name at once, then removes it: no half of it is ever under its name. */
export async function unpublish(target: string): Promise<void> {
  const aside = `${temporaryPrefix(target)}${randomUUID()}`;
  await ifThere(rename(target, aside).then(() => syncFolder(dirname(target))));
  await removeTemporary(target);
}

/** Removes what killed attempts to write beside `target` left. @returns how many folders */
export async function removeTemporary(target: string): Promise<number> {
  const prefix = basename(temporaryPrefix(target));
  let names: string[];
  try {
    names = (await readdir(dirname(target))).filter((name) => name.startsWith(prefix));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return 0;
    throw error;
  }
  for (const name of names) await rm(join(dirname(target), name), { recursive: true, force: true });
  return names.length;
}

const temporaryPrefix = (target: string): string => join(dirname(target), `.${basename(target)}.`);

async function writeFile(store: ArtifactStore, path: string, digest: Digest): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'wx', 0o644);
  try {
    for await (const chunk of store.stream(digest)) await handle.appendFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  await syncFolder(folder);
}
