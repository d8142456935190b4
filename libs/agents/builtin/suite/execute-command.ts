import { spawn } from 'node:child_process';
import process from 'node:process';
import type { WorkingCopy } from './working-copy.js';

/** How the suite's command ended, and the start of what it printed. */
export interface CommandRun {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** It was still running when its time was up, and was killed. */
  readonly outOfTime: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

const kept = 16 * 1024 * 1024;

/** Runs a shell line in the working copy. What it prints beyond 16 MiB is read and dropped. */
export function executeCommand(
  copy: WorkingCopy,
  command: string,
  options: { wallMs: number; coverage: boolean },
): Promise<CommandRun> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: copy.workspace,
      detached: true,
      env: {
        PATH: `${copy.shims}:/usr/local/bin:/usr/bin:/bin`,
        HOME: copy.home,
        TMPDIR: copy.home,
        LC_ALL: 'C.UTF-8',
        TZ: 'UTC',
        CI: 'true',
        ...(options.coverage ? { NODE_V8_COVERAGE: copy.coverage } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let outOfTime = false;
    const kill = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group has ended already.
      }
    };
    const timer = setTimeout(() => {
      outOfTime = true;
      kill();
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.wallMs);
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const size = { stdout: 0, stderr: 0 };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        if (size[stream] < kept) output[stream].push(chunk.subarray(0, kept - size[stream]));
        size[stream] += chunk.length;
      });
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // A process that the suite left behind may hold the pipes open: it ends with the suite.
    child.once('exit', kill);
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({
        code,
        outOfTime,
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        ms: Math.round(performance.now() - start),
      });
    });
  });
}
