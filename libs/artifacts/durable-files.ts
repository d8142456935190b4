import { createHash, randomUUID } from 'node:crypto';
import { constants, link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '../protocol/digest.js';
import { errorCodeOf } from './if-there.js';

/** A file written whole and synced, under a name that nobody looks at yet. */
export interface TemporaryFile {
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * Writes a file under a temporary name in `folder`, hashing on the way, and syncs it. Leaves nothing on failure.
 *
 * @param mode who may read and write it. Default: the owner may write, everyone may read
 */
export async function writeTemporary(
  folder: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode = 0o644,
) {
  const path = join(folder, randomUUID());
  const handle = await openNew(path, mode);
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.byteLength;
      await handle.appendFile(chunk);
    }
    await handle.sync();
    await handle.close();
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  return { path, size, digest: `sha256:${hash.digest('hex')}` } satisfies TemporaryFile;
}

/** Gives a temporary file its name, replacing what has it. The folder is not synced. */
export async function moveInto(temporary: string, target: string): Promise<void> {
  await withFolder(target, () => rename(temporary, target));
}

/** Gives a temporary file its name unless something has it. The folder is not synced. @returns whether it did */
export async function linkInto(temporary: string, target: string): Promise<boolean> {
  try {
    await withFolder(target, () => link(temporary, target));
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Makes names in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, lasting. */
export async function ensureFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function openNew(path: string, mode: number) {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  return withFolder(path, () => open(path, flags, mode));
}

// Folders are made when they are missed, and an empty one may be removed by another process between two steps.
async function withFolder<T>(path: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (attempt > 1) await ensureFolder(dirname(path));
      return await action();
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT' || attempt === 10) throw error;
    }
  }
}
