import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a program printed, and how it ended. */
interface Ended {
  readonly code: number | string;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** A replay takes milliseconds for each event; this long, in milliseconds, only where it hangs. */
const patience = 5 * 60 * 1000;

/** Runs the replaying program with nothing of our environment. */
export async function runProgram(program: string, asked: string, cwd: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, asked], {
    cwd,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return {
    code: code ?? signal ?? 'unknown',
    lines: stdout.split('\n').filter((line) => line !== ''),
    stderr,
  };
}
