import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { unavailable } from './describe-host.js';
import type { FolderLoan } from './folder-loan.js';
import type { SandboxProfile } from './sandbox.js';

/** What the writable folders hold. */
export interface DiskReading {
  readonly bytes: number;
  /** Whether a file is exactly as large as one may be, as one is that could not grow further; known at the end only. */
  readonly fullFile: boolean;
}

/**
 * One round per line of input, which is the sandbox's /proc as the host sees it, or `-` when nothing runs any
 * more. GNU du copes with paths of any depth, which a walk of our own would not. Files that were removed while
 * open are found through the processes that hold them. No name that a program chose is printed. Counting stops at
 * the most files that there may be, because a program can make them as fast as they are counted.
 */
const script = `
full=$1 most=$2; shift 2
while read -r proc; do
  files=$(find -P "$@" -xdev -printf x 2>/dev/null | head -c "$most" | wc -c)
  echo "files $files"
  [ "$files" -ge "$most" ] || echo "bytes $(du -sxcB1 -- "$@" 2>/dev/null | tail -n 1)"
  if [ "$proc" = - ]; then
    find -P "$@" -xdev -type f -size "$full" -printf 'full\\n' -quit 2>/dev/null
  else
    find -L "$proc"/[0-9]*/fd "$proc"/[0-9]*/map_files -maxdepth 1 -type f -links 0 \\
      -printf 'removed %D %i %b\\n' 2>/dev/null | sort -u
  fi
  echo done
done`;

/** A file costs more than its bytes: without this, empty ones would be free. */
const bytesPerFile = 1024;

/** Measures the writable folders in a process of its own, started at the first measurement. */
export class DiskWatch {
  private child: ChildProcessWithoutNullStreams | undefined;
  private lines: Interface | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly loan: FolderLoan,
    private readonly profile: SandboxProfile,
  ) {}

  /** Whether there is anything to measure. */
  get needed(): boolean {
    return this.loan.folders.length > 0;
  }

  /** `init`: the host's id of the sandbox's first process, or undefined when it has ended. */
  measure(init: number | undefined): Promise<DiskReading> {
    const reading = this.queue.then(() => this.round(init === undefined ? '-' : `/proc/${init}/root/proc`));
    this.queue = reading.catch(() => undefined);
    return reading;
  }

  stop(): void {
    this.lines?.close();
    this.child?.stdin.end();
    if (this.child?.pid === undefined || this.child.exitCode !== null) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  private async round(proc: string): Promise<DiskReading> {
    const { folders, devices } = this.loan;
    if (!this.needed) return { bytes: 0, fullFile: false };
    const { child, lines } = this.start(folders);
    let bytes = 0;
    let files: number | undefined;
    let fullFile = false;
    let removed = 0;
    child.stdin.write(`${proc}\n`);
    return new Promise((resolve, reject) => {
      const ended = () =>
        reject(unavailable('The writable folders could not be measured: du or find failed.'));
      const settle = () => {
        lines.off('line', read);
        lines.off('close', ended);
      };
      const read = (line: string) => {
        const [what, ...values] = line.split(/\s/);
        if (what === 'bytes') bytes = Number(values[0]);
        else if (what === 'files') files = Number(values[0]);
        else if (what === 'full') fullFile = true;
        else if (what === 'removed' && devices.includes(Number(values[0])))
          removed += Number(values[2]) * 512;
        if (what !== 'done') return;
        settle();
        if (files !== undefined && Number.isFinite(files + bytes)) {
          resolve({ bytes: Math.max(bytes, files * bytesPerFile) + removed, fullFile });
        } else ended();
      };
      lines.on('line', read);
      lines.on('close', ended);
    });
  }

  private start(folders: readonly string[]) {
    if (this.child !== undefined && this.lines !== undefined) return { child: this.child, lines: this.lines };
    const exactly = `${this.profile.fileBytes}c`;
    const most = String(Math.ceil(this.profile.diskBytes / bytesPerFile) + 1);
    const child = spawn('/bin/sh', ['-c', script, 'sh', exactly, most, ...folders], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      // a group of its own, so that it can be ended together with the measuring tool that runs
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr.resume();
    // writing to one that has ended: the closed output says so already
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
    const lines = createInterface(child.stdout);
    this.child = child;
    this.lines = lines;
    return { child, lines };
  }
}
