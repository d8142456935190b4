import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitCpu } from './limit-cpu.js';
import { until } from './until.js';

/** Folders in which a sandbox's control groups are made. */
export type ControlGroupPlace =
  | {
      readonly version: 'v1';
      readonly memory: string;
      readonly pids: string;
      /** Only measured, so it may be missing. */
      readonly cpuacct: string | undefined;
      /** Needed only for shares of the processors. */
      readonly cpu: string | undefined;
    }
  | { readonly version: 'v2'; readonly folder: string };

/** What a control group, or a watchdog in its place, has seen so far. */
export interface Reading {
  /** Whether the memory limit was passed, or made the kernel kill a process. */
  readonly memoryExceeded: boolean;
  /** Times that a new process or thread was refused. */
  readonly refused: number;
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
}

/** Folders of one group by what is read and limited there. */
interface Folders {
  readonly version: 'v1' | 'v2';
  readonly memory: string;
  readonly pids: string;
  readonly cpuacct: string | undefined;
  readonly cpu: string | undefined;
}

export interface GroupLimits {
  readonly memoryBytes: number;
  readonly tasks: number;
  /** Of all processors together. Default: no limit. */
  readonly cpuPercent?: number | undefined;
}

const name = (number: number): string => `heptad-${process.pid}-${number}`;
const namePattern = /^heptad-(\d+)-\d+$/;
let opened = 0;

/** The control group of one sandbox: limits set before the program is in it, and nothing of it left after `remove`. */
export class ControlGroup {
  private constructor(
    private readonly folders: Folders,
    /** Whether the share of the processors that was asked for is held. */
    readonly holdsCpu: boolean,
  ) {}

  /** @throws Error of the file system where the group cannot be made or does not take the limits */
  static async open(place: ControlGroupPlace, limits: GroupLimits): Promise<ControlGroup> {
    const folders = await makeFolders(place, limits.cpuPercent !== undefined);
    try {
      await (folders.version === 'v1' ? limitV1(folders, limits) : limitV2(folders, limits));
      const { cpuPercent } = limits;
      return new ControlGroup(folders, cpuPercent !== undefined && (await limitCpu(folders, cpuPercent)));
    } catch (cause) {
      await removeFolders(unique(folders));
      throw cause;
    }
  }

  get version(): 'v1' | 'v2' {
    return this.folders.version;
  }

  /** Writing a process id into each of these puts the process into the group. */
  get entries(): readonly string[] {
    return unique(this.folders).map((folder) => join(folder, 'cgroup.procs'));
  }

  read(): Promise<Reading> {
    return this.folders.version === 'v1' ? readV1(this.folders) : readV2(this.folders.memory);
  }

  /** Kills whatever is still in the group and removes it. */
  async remove(): Promise<void> {
    await removeFolders(unique(this.folders));
  }
}

const unique = ({ memory, pids, cpuacct, cpu }: Folders): string[] => [
  ...new Set([
    memory,
    pids,
    ...(cpuacct === undefined ? [] : [cpuacct]),
    ...(cpu === undefined ? [] : [cpu]),
  ]),
];

async function makeFolders(place: ControlGroupPlace, withCpu: boolean): Promise<Folders> {
  for (;;) {
    opened += 1;
    const own = name(opened);
    const folders = foldersIn(place, own, withCpu);
    const made: string[] = [];
    try {
      for (const folder of unique(folders)) {
        await mkdir(folder);
        made.push(folder);
      }
      return folders;
    } catch (error) {
      await removeFolders(made);
      // another thread of this process counts for itself
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function foldersIn(place: ControlGroupPlace, own: string, withCpu: boolean): Folders {
  if (place.version === 'v2') {
    const folder = join(place.folder, own);
    return { version: 'v2', memory: folder, pids: folder, cpuacct: undefined, cpu: folder };
  }
  return {
    version: 'v1',
    memory: join(place.memory, own),
    pids: join(place.pids, own),
    cpuacct: place.cpuacct === undefined ? undefined : join(place.cpuacct, own),
    cpu: place.cpu === undefined || !withCpu ? undefined : join(place.cpu, own),
  };
}

async function limitV1({ memory, pids }: Folders, limits: GroupLimits): Promise<void> {
  await writeFile(join(memory, 'memory.limit_in_bytes'), String(limits.memoryBytes));
  // kernels without swap accounting lack the first, those with it need no second
  await writeFile(join(memory, 'memory.memsw.limit_in_bytes'), String(limits.memoryBytes)).catch(() =>
    writeFile(join(memory, 'memory.swappiness'), '0'),
  );
  await writeFile(join(pids, 'pids.max'), String(limits.tasks));
}

async function limitV2({ memory }: Folders, limits: GroupLimits): Promise<void> {
  await writeFile(join(memory, 'memory.max'), String(limits.memoryBytes));
  // these two are not there on every kernel: without swap, and before 4.19
  await writeFile(join(memory, 'memory.swap.max'), '0').catch(() => undefined);
  await writeFile(join(memory, 'memory.oom.group'), '1').catch(() => undefined);
  await writeFile(join(memory, 'pids.max'), String(limits.tasks));
}

async function readV1({ memory, pids, cpuacct }: Folders): Promise<Reading> {
  const [oom, events, nanoseconds, peak] = await Promise.all([
    readFile(join(memory, 'memory.oom_control'), 'utf8'),
    readFile(join(pids, 'pids.events'), 'utf8'),
    cpuacct === undefined ? null : readFile(join(cpuacct, 'cpuacct.usage'), 'utf8'),
    readFile(join(memory, 'memory.max_usage_in_bytes'), 'utf8'),
  ]);
  return {
    memoryExceeded: (field(oom, 'oom_kill') ?? 0) > 0,
    refused: field(events, 'max') ?? 0,
    cpuMs: nanoseconds === null ? null : Number(nanoseconds) / 1e6,
    peakMemoryBytes: Number(peak),
  };
}

/** Reads a group of the unified hierarchy, also one that systemd made. */
export async function readV2(folder: string): Promise<Reading> {
  const [memory, pids, cpu, peak] = await Promise.all([
    readFile(join(folder, 'memory.events'), 'utf8'),
    readFile(join(folder, 'pids.events'), 'utf8'),
    readFile(join(folder, 'cpu.stat'), 'utf8'),
    // since Linux 5.19
    readFile(join(folder, 'memory.peak'), 'utf8').catch(() => null),
  ]);
  const microseconds = field(cpu, 'usage_usec');
  return {
    memoryExceeded: (field(memory, 'oom_kill') ?? 0) > 0,
    refused: field(pids, 'max') ?? 0,
    cpuMs: microseconds === undefined ? null : microseconds / 1000,
    peakMemoryBytes: peak === null ? null : Number(peak),
  };
}

function field(text: string, key: string): number | undefined {
  for (const line of text.split('\n')) {
    const [label, value] = line.split(' ');
    if (label === key) return Number(value);
  }
  return undefined;
}

/** Removes the groups of processes that are dead, and kills what is still in them. */
export async function sweepControlGroups(place: ControlGroupPlace): Promise<void> {
  const parents =
    place.version === 'v2'
      ? [place.folder]
      : [place.memory, place.pids, place.cpuacct, place.cpu].flatMap((folder) => folder ?? []);
  for (const parent of parents) {
    for (const entry of await readdir(parent).catch(() => [])) {
      const owner = namePattern.exec(entry)?.[1];
      if (owner !== undefined && !isAlive(Number(owner))) await removeFolders([join(parent, entry)]);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await until(async () => {
      const left = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const pid of left.split('\n').filter(Boolean)) kill(Number(pid));
      return rmdir(folder).then(
        () => true,
        // busy until the kernel has done with the last process; someone else may have swept it
        (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
      );
    }, `control group ${folder} could not be removed`);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
