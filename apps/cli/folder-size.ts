import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What the files below a folder take on disk, in bytes; null where there is no such folder on this machine. */
export async function folderSize(folder: string): Promise<number | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  if (entries === null) return null;
  const sizes = await Promise.all(entries.map(async ({ parentPath, name }) => lstat(join(parentPath, name))));
  // Blocks are counted by 512 bytes, whatever the file system's own are.
  return sizes.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
