import { execFile } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Mount } from './sandbox.js';

const run = promisify(execFile);

/** Writable folders lent to the sandbox's user, to be given back to their owner afterwards. */
export interface FolderLoan {
  readonly folders: readonly string[];
  /** File systems that the folders are on. */
  readonly devices: readonly number[];
  giveBack(): Promise<void>;
}

/**
 * Makes the writable folders the user's own, with all that is in them; no link is followed. Without a dedicated
 * user they are its own already.
 *
 * @throws InputInvalid a writable mount is not a folder, or a symbolic link
 */
export async function lendFolders(mounts: readonly Mount[], user: number | undefined): Promise<FolderLoan> {
  const owners = new Map<string, string>();
  const devices = new Set<number>();
  for (const { source, writable } of mounts) {
    if (!writable) continue;
    const entry = await lstat(source);
    owners.set(source, `${entry.uid}:${entry.gid}`);
    devices.add(entry.dev);
  }
  const folders = [...owners.keys()];
  const loan: FolderLoan = {
    folders,
    devices: [...devices],
    async giveBack() {
      if (folders.length === 0) return;
      if (user !== undefined) {
        for (const [folder, owner] of owners) await own(owner, [folder]);
      }
      await tame(folders);
    },
  };
  if (user !== undefined && folders.length > 0) {
    try {
      await own(`${user}:${user}`, folders);
    } catch (cause) {
      await loan.giveBack();
      throw cause;
    }
  }
  return loan;
}

const own = (owner: string, folders: readonly string[]) =>
  run('/usr/bin/chown', ['-R', '-h', '-P', owner, '--', ...folders], { env: {} });

/** What the program left carries no set-user-id bit, and no folder that its owner cannot enter or empty. */
const tame = (folders: readonly string[]) =>
  run(
    '/usr/bin/find',
    [
      ...['-P', ...folders, '-xdev'],
      ...['(', '-type', 'd', '!', '-perm', '-u=rwx', '-exec', 'chmod', 'u+rwx', '{}', ';', ')'],
      ...[',', '(', '!', '-type', 'l', '-perm', '/6000', '-exec', 'chmod', 'ug-s', '{}', ';', ')'],
    ],
    { env: { PATH: '/usr/bin:/bin' } },
  );
