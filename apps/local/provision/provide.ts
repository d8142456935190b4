import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withLock } from '../setup/lock.mjs';
import { say } from '../setup/step.mjs';
import { findChange, readRecord, writeRecord } from './record.js';

/** Something that is fetched or built once and then found in the cache. */
export interface Provision {
  /** What it is, as in "the Temporal server". */
  readonly what: string;
  readonly version: string;
  /** Where it goes in the cache. */
  readonly folder: string;
  /** Puts its files into an empty folder, and says where they came from. */
  readonly make: (folder: string) => Promise<string>;
}

/**
 * Finds something in the cache, or makes it. It appears there complete or not at all; of several processes one makes
 * it and the others wait. Files that are not as recorded are said and made again.
 *
 * @returns the folder
 */
export async function provide({ what, version, folder, make }: Provision): Promise<string> {
  if ((await condition(folder)) === 'intact') return folder;
  await mkdir(dirname(folder), { recursive: true });
  return withLock(
    `cache ${folder}`,
    () => say(`Another process is getting ${what}; waiting for it.`),
    async () => {
      const found = await condition(folder);
      if (found === 'intact') return folder;
      if (found !== 'absent') say(`${found}; getting ${what} again.`);
      await removeLeftovers(folder);
      const fresh = `${folder}.tmp`;
      await mkdir(fresh);
      try {
        const source = await make(fresh);
        await writeRecord(fresh, { source, version });
        await rm(folder, { recursive: true, force: true });
        await rename(fresh, folder);
      } finally {
        await removeLeftovers(folder);
      }
      return folder;
    },
  );
}

async function condition(folder: string): Promise<string> {
  const record = await readRecord(folder);
  return record === undefined ? 'absent' : ((await findChange(folder, record)) ?? 'intact');
}

/** Under the lock nobody else writes here, so a temporary folder is one of an attempt that was interrupted. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)))
    if (name === `${basename(folder)}.tmp`)
      await rm(join(dirname(folder), name), { recursive: true, force: true });
}
