import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '../artifacts/if-there.js';
import { workflowId } from '../protocol/names.js';
import { removeFolder } from '../sandbox/remove-folder.js';

/** How the names of all temporary folders of a run begin, in the folder for scratch. */
export const scratchPrefix = (run: string): string => `${workflowId.run(run)}-`;

/**
 * Removes what killed attempts of a run left in the folder for scratch: the folders `run-{id}-*`.
 *
 * @returns how many it removed
 */
export async function cleanUpScratch(scratch: string, run: string): Promise<number> {
  const left = (await namesIn(scratch)).filter((name) => name.startsWith(scratchPrefix(run)));
  for (const name of left) await removeFolder(join(scratch, name));
  return left.length;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
