import { readFileSync } from 'node:fs';
import { HeptadError } from '../protocol/errors.js';

/** Sandboxes that one process runs at one time, at most. */
const slots = 64;
const taken = new Set<number>();

/** A user that no other sandbox of this machine has, and that owns nothing. */
interface SandboxUser {
  readonly uid: number;
  free(): void;
}

/**
 * Takes a user id for one sandbox. It is computed from our process id, so that processes of ours share none
 * without asking each other, in a range that no system gives to anyone (0x70000000 and up).
 *
 * @throws DependencyUnreachable (retried) this process runs as many sandboxes as it may
 */
export function takeUser(): SandboxUser {
  for (let slot = 0; slot < slots; slot += 1) {
    if (taken.has(slot)) continue;
    taken.add(slot);
    return { uid: firstUser() + slot, free: () => taken.delete(slot) };
  }
  throw new HeptadError(
    'DependencyUnreachable',
    `This process runs ${slots} sandboxes already; try again later.`,
  );
}

function firstUser(): number {
  if (mapsAllUsers(readFileSync('/proc/self/uid_map', 'utf8')))
    return 0x70000000 + (process.pid % 2 ** 22) * slots;
  // a container with 65,536 users of its own
  return 60_000 + (process.pid % 64) * slots;
}

const mapsAllUsers = (map: string): boolean => /^\s*0\s+\d+\s+4294967295\s*$/m.test(map);
