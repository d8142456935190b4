import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { type BubblewrapInput, descriptors } from './bubblewrap-arguments.js';
import { type HostFacts, unavailable } from './describe-host.js';
import type { KeptOutput } from './kept-output.js';
import { holdDescriptor, type Limits } from './limits.js';
import { until } from './until.js';

/** A sandbox that is running. */
export interface StartedProgram {
  /** The host's id of the sandbox's first process, once there is one; undefined if there never was. */
  readonly init: Promise<number | undefined>;
  /** The program's exit code as shells say it; null if bubblewrap could not say (it was killed, or never started it). */
  readonly exit: Promise<number | null>;
  /** Ends every process of the sandbox. */
  kill(): Promise<void>;
  /** Resolves when no process of the sandbox exists any more and all output was read. */
  gone(): Promise<void>;
}

/** Starts bubblewrap, whose death or ours ends every process in the sandbox. */
export function startProgram(
  facts: HostFacts,
  limits: Limits,
  input: BubblewrapInput,
  streams: { readonly stdin: string | Uint8Array | undefined; readonly output: KeptOutput },
): StartedProgram {
  const separator = input.arguments.indexOf('--');
  const [file = '', ...rest] = [
    ...limits.prefix,
    ...[facts.bubblewrap, '--args', String(descriptors.arguments)],
    ...input.arguments.slice(separator),
  ];
  const nothing = openSync('/dev/null', 'r');
  const child = spawnWith(file, rest, limits, facts.inherited, nothing, streams.stdin !== undefined);
  closeSync(nothing);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(unavailable(`${file} could not be started.`, cause)));
  });
  // whoever waits for the exit hears of it
  failed.catch(() => undefined);

  const pipes: readonly unknown[] = child.stdio;
  if (child.stdout !== null) streams.output.take('stdout', child.stdout);
  if (child.stderr !== null) streams.output.take('stderr', child.stderr);
  if (child.stdin !== null) give(child.stdin, streams.stdin ?? '');
  give(pipes[descriptors.seccomp], facts.seccomp);
  for (const [descriptor, content] of input.files) give(pipes[descriptor], content);

  const status = followStatus(pipes[descriptors.status]);
  const init = Promise.race([status.started, failed.catch(() => undefined)]);
  const started = init.then(async (pid) => ({
    pid,
    since: pid === undefined ? undefined : await startOf(pid),
  }));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    init,
    exit: Promise.race([status.exit, failed]),
    async kill() {
      // by its first process: the kernel then kills all others; bubblewrap names it at once
      const { pid, since } = await started;
      if (pid !== undefined && since !== undefined && (await startOf(pid)) === since) send(pid, 'SIGKILL');
    },
    async gone() {
      const { pid, since } = await started;
      const hold = pipes[holdDescriptor];
      if (hold instanceof Writable) hold.end();
      await Promise.race([closed, failed]);
      if (pid === undefined || since === undefined) return;
      // bubblewrap ends last, unless it was killed itself: then the others are, because it was
      await until(
        async () => (await startOf(pid)) !== since,
        `sandbox's first process ${pid} was still there`,
      );
    },
  };
}

function spawnWith(
  file: string,
  args: readonly string[],
  limits: Limits,
  inherited: readonly number[],
  nothing: number,
  reads: boolean,
): ChildProcess {
  const stdio: ('pipe' | 'ignore' | number)[] = [reads ? 'pipe' : 'ignore', 'pipe', 'pipe'];
  for (const descriptor of Object.values(descriptors)) stdio[descriptor] = 'pipe';
  if (limits.holds) stdio[holdDescriptor] = 'pipe';
  // the program gets an empty device in the place of what it would inherit
  for (const descriptor of inherited) stdio[descriptor] ??= nothing;
  return spawn(file, args, {
    env: { ...limits.env },
    cwd: '/',
    stdio: Array.from(stdio, (entry) => entry ?? 'ignore'),
  });
}

function give(stream: unknown, content: string | Uint8Array): void {
  if (!(stream instanceof Writable)) return;
  // a reader that has ended does not want the rest
  stream.on('error', () => undefined);
  stream.end(content);
}

/** Follows bubblewrap's status, one JSON object per line: its child's id, and later the program's exit code. */
function followStatus(stream: unknown): {
  started: Promise<number | undefined>;
  exit: Promise<number | null>;
} {
  if (!(stream instanceof Readable)) throw unavailable('bubblewrap has no status to follow.');
  const started = Promise.withResolvers<number | undefined>();
  const exit = Promise.withResolvers<number | null>();
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    const child = /"child-pid"\s*:\s*(\d+)/.exec(text)?.[1];
    const code = /"exit-code"\s*:\s*(\d+)/.exec(text)?.[1];
    if (child !== undefined) started.resolve(Number(child));
    if (code !== undefined) exit.resolve(Number(code));
  });
  const ended = () => {
    started.resolve(undefined);
    exit.resolve(null);
  };
  stream.on('error', ended);
  stream.on('close', ended);
  return { started: started.promise, exit: exit.promise };
}

/** When a process started, in ticks since boot, by which it differs from a later one of the same id; undefined if it has ended. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
