import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { HeptadError } from '../protocol/errors.js';
import type { Config } from './config.js';
import { type Paths, paths } from './paths.js';

/** The layout that this version of Heptad reads and writes. */
export const dataFolderVersion = 1;

/**
 * Makes the data folder and its parts where they are missing and checks its version.
 *
 * @throws HeptadError `DataFolderNewer` a newer version of Heptad wrote the folder
 * @throws HeptadError `ConfigurationInvalid` the folder cannot be made, or its version cannot be read
 */
export async function openDataFolder(config: Pick<Config, 'data'>): Promise<Paths> {
  const places = paths(config);
  try {
    await mkdir(config.data, { recursive: true });
  } catch (error) {
    throw new HeptadError(
      'ConfigurationInvalid',
      `The data folder ${config.data} cannot be made: ${error instanceof Error ? error.message : String(error)}. ` +
        'Set HEPTAD_DATA to a folder that can be written.',
      { cause: error },
    );
  }
  const found = await readVersion(places.version);
  if (found !== undefined && found > dataFolderVersion)
    throw new HeptadError(
      'DataFolderNewer',
      `The data folder ${config.data} has version ${found}; this version of Heptad knows up to ${dataFolderVersion}. ` +
        'Use a newer Heptad, or another folder by HEPTAD_DATA.',
    );
  for (const folder of [
    dirname(places.engineDatabase),
    places.artifacts,
    places.packages,
    places.logs,
    places.scratch,
    places.keys,
    places.trust,
  ])
    await mkdir(folder, { recursive: true });
  // In a shared folder that is another user's, the mode of each key file keeps it private.
  await chmod(places.keys, 0o700).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error;
  });
  if (found === undefined) await writeFileAtomic(places.version, `${dataFolderVersion}\n`);
  return places;
}

async function readVersion(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  if (!/^\d+\s*$/.test(text))
    throw new HeptadError(
      'ConfigurationInvalid',
      `The file ${file} does not hold the version of a data folder.`,
    );
  return Number(text);
}
