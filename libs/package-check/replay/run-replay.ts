import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a program ended, and what it complained of. */
interface Ended {
  readonly code: number | string;
  readonly stderr: string;
}

/** A replay takes milliseconds for each event; this long, in milliseconds, only where it hangs. */
const patience = 5 * 60 * 1000;

/** Runs the replaying program with nothing of our environment. */
export async function runProgram(program: string, asked: string, cwd: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, asked], {
    cwd,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  const [stderr, [code, signal]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code: code ?? signal ?? 'unknown', stderr };
}
