import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The root of the checkout. */
export const root = join(import.meta.dirname, '../../../..');

/** Builds the programs of the agents as the set-up does; `folder` holds one file for each. */
export async function buildPrograms(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const out = await mkdtemp(join(tmpdir(), 'heptad-programs-'));
  await promisify(execFile)(process.execPath, [join(root, 'apps/local/setup/bundle.mjs'), root, out]);
  return { folder: join(out, 'agents'), remove: () => rm(out, { recursive: true, force: true }) };
}
