import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { TaskFailure } from '../answer/task-failure.js';
import type { Places } from '../subject/places.js';
import { executeCommand } from '../suite/execute-command.js';

/** How a command ended. Its output is measured and not compared: it may tell times. */
export interface Ran {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** SHA-256 of what it wrote to standard output and standard error, one after the other. */
  readonly outputDigest: string;
  /** The end of the same, for people. */
  readonly end: string;
  readonly ms: number;
}

const shown = 500;

/**
 * Runs a command in a folder, with the node of this process.
 *
 * @throws TaskFailure SandboxLimit: its time was up
 */
export async function runCommand(
  places: Places,
  folder: string,
  command: string,
  wallMs: number,
): Promise<Ran> {
  const home = join(places.scratch, 'home');
  mkdirSync(home, { recursive: true });
  const { code, outOfTime, stdout, stderr, ms } = await executeCommand(
    {
      folder: places.scratch,
      workspace: folder,
      shims: dirname(process.execPath),
      reports: home,
      coverage: home,
      home,
    },
    command,
    { wallMs: Math.max(1, wallMs), coverage: false },
  );
  if (outOfTime)
    throw new TaskFailure('SandboxLimit', `This command did not end in ${wallMs} ms: ${command}`);
  const output = `${stdout}${stderr}`;
  return {
    exitCode: code,
    outputDigest: `sha256:${createHash('sha256').update(output).digest('hex')}`,
    end: output.trim().slice(-shown).toWellFormed(),
    ms,
  };
}
