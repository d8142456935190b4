import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckList } from '../../libs/verification/check-list.js';
import type { Judged } from '../../libs/verification/judged.js';
import type { CleanRoom, Repetition } from '../../libs/verification/re-execution/clean-room.js';
import { selfCheck } from '../../libs/verification/self-check/self-check.js';

/** A room for a verifier below a folder, without a sandbox unless one is given. */
export async function cleanRoom(folder: string, changes: Partial<CleanRoom> = {}): Promise<CleanRoom> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  return {
    sandboxHost: { bubblewrap: undefined },
    scratch,
    cache: join(folder, 'cache'),
    toolsFolder: join(folder, 'tools'),
    programsFolder: join(folder, 'programs'),
    roots: [],
    ...changes,
  };
}

/** The failed checks of pass B, by their names. */
export async function failuresAgain(
  repetition: Repetition,
  judged: Judged,
  room: CleanRoom,
): Promise<Record<string, string>> {
  const checks = new CheckList();
  await repetition(judged, checks, room);
  if (checks.checks.length === 0) throw new Error('Pass B checked nothing.');
  return failuresIn(checks);
}

/** Whether pass A alone accepts it. */
export async function acceptedByA(judged: Judged): Promise<boolean> {
  const checks = new CheckList();
  await selfCheck(judged, checks);

  return checks.passed;
}

const failuresIn = ({ checks }: CheckList): Record<string, string> =>
  Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ check, says }) => [check, says]));
