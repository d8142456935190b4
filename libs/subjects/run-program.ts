import { spawn } from 'node:child_process';
import { HeptadError } from '../protocol/errors.js';

export interface Program {
  /** Name of the program, looked up on the PATH. */
  readonly name: 'npm' | 'git';
  readonly arguments: readonly string[];
  /** Working folder. */
  readonly folder: string;
  /** Added to the environment that this process has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Taken out of it. */
  readonly without?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called twice a second while the program runs. */
  readonly heartbeat?: (() => void) | undefined;
}

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  /** The first 16 MiB. */
  readonly output: string;
  /** The last 64 KiB. */
  readonly errors: string;
}

/** Largest file that a program may write: 2 GiB in blocks of 512 bytes, the unit of `ulimit -f`. */
const fileLimit = (2 * 1024 ** 3) / 512;
const outputLimit = 16 * 1024 ** 2;
const errorsLimit = 64 * 1024;

/**
 * Runs a program without a terminal or standard input, in a process group of its own. When the signal aborts, the whole
 * group is killed, and the signal's reason is thrown once it is gone.
 *
 * @throws HeptadError `SetupIncomplete` where the program is not there
 */
export async function runProgram(program: Program): Promise<Ended> {
  program.signal?.throwIfAborted();
  const settings = Object.entries(program.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  const unset = (program.without ?? []).flatMap((name) => ['-u', name]);
  // Through `env`, so that the rest of the environment (proxies, certificates, agents of ssh) is the user's own.
  const child = spawn(
    '/bin/sh',
    ['-c', 'ulimit -f "$1" && shift && exec env "$@"', 'sh', String(fileLimit), ...unset, ...settings].concat(
      program.name,
      program.arguments,
    ),
    { cwd: program.folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended by itself.
    }
  };
  const output: Buffer[] = [];
  let outputSize = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    outputSize += chunk.length;
    if (outputSize <= outputLimit) output.push(chunk);
  });
  let errors = Buffer.alloc(0);
  child.stderr.on('data', (chunk: Buffer) => {
    errors = Buffer.concat([errors, chunk]).subarray(-errorsLimit);
  });
  const beat = setInterval(() => program.heartbeat?.(), 500);
  program.signal?.addEventListener('abort', kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    program.signal?.throwIfAborted();
    if (code === 127)
      throw new HeptadError('SetupIncomplete', `The program ${program.name} is not on the PATH. Install it.`);
    return { code, output: Buffer.concat(output).toString('utf8'), errors: errors.toString('utf8') };
  } finally {
    clearInterval(beat);
    program.signal?.removeEventListener('abort', kill);
  }
}
