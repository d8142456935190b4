import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** How a process of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningHeptad {
  readonly ended: Promise<Ended>;
  /** What it wrote to standard output up to now. */
  readonly out: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
}

export interface HeptadOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Starts the built command `heptad` in a process of its own, without any settings but those given. */
export function startHeptad(
  args: readonly string[],
  { env = {}, cwd, input }: HeptadOptions = {},
): RunningHeptad {
  const program = resolve('dist/apps/cli/main.js');
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stdin.end(input ?? '');
  const err = text(child.stderr);
  const ended = new Promise<Ended>((settle, reject) => {
    child.once('error', reject);
    child.once('close', async (code) => settle({ code, out, err: await err }));
  });
  return { ended, out: () => out, signal: (name) => void child.kill(name) };
}

/** Runs the built command `heptad` to its end. */
export const heptad = (args: readonly string[], options?: HeptadOptions): Promise<Ended> =>
  startHeptad(args, options).ended;
