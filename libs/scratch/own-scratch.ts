import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCodeOf } from '../artifacts/if-there.js';

/**
 * The folder for temporary folders of this process alone, below `scratch`; made empty. What processes of this host
 * left behind that were killed is removed.
 */
export async function ownScratch(scratch: string, name: string): Promise<string> {
  const host = join(scratch, hostname());
  const own = join(host, `${name}-${process.pid}`);
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  for (const folder of await readdir(host)) {
    const pid = Number(/-(\d+)$/.exec(folder)?.[1]);
    if (!isAlive(pid)) await rm(join(host, folder), { recursive: true, force: true });
  }
  return own;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}
