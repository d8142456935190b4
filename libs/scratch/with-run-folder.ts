import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchPrefix } from './clean-up.js';

/**
 * Gives the work of a run a temporary folder of its own, which is gone afterwards, whatever happened. What a killed
 * process leaves is found by its name.
 */
export async function withRunFolder<T>(
  scratch: string,
  run: string,
  purpose: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, `${scratchPrefix(run)}${purpose}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
