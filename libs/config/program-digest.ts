import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../protocol/digest.js';
import type { ProgramPlaces } from './program-places.js';

/**
 * Digest of the program that runs: SHA-256 over the sorted list of its built files and the lock of its dependencies,
 * a line `SHA-256  path` for each. Two programs with one digest do the same.
 */
export async function programDigest({ root }: Pick<ProgramPlaces, 'root'>): Promise<Digest> {
  const built = await readdir(join(root, 'dist'), { recursive: true, withFileTypes: true });
  const paths = built
    .filter((entry) => entry.isFile() && /\.m?js$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .concat('package-lock.json')
    .sort();
  const list = createHash('sha256');
  for (const path of paths) {
    const bytes = await readFile(join(root, path));
    list.update(`${createHash('sha256').update(bytes).digest('hex')}  ${path.replaceAll('\\', '/')}\n`);
  }
  return `sha256:${list.digest('hex')}`;
}
