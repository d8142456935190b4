import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * The path of bubblewrap: on the PATH, else the newest in `<cacheFolder>/bubblewrap/<version>/usr/bin/bwrap`;
 * undefined if there is none.
 */
export async function findBubblewrap(pathVariable: string, cacheFolder: string): Promise<string | undefined> {
  const onPath = pathVariable
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'bwrap'));
  const versions = await readdir(join(cacheFolder, 'bubblewrap')).catch(() => []);
  const cached = versions
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((version) => join(cacheFolder, 'bubblewrap', version, 'usr', 'bin', 'bwrap'));
  for (const candidate of [...onPath, ...cached]) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
