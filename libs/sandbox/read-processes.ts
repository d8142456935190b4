import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** What all processes of a sandbox use at one moment. */
interface ProcessReading {
  /** Memory that is theirs alone or shared among them, and the contents of /tmp and /dev/shm. */
  readonly memoryBytes: number;
  readonly tasks: number;
  readonly cpuMs: number;
}

/**
 * `resident` counts a page for every process that has it, so a process that was just forked counts twice;
 * `proportional` divides it among them, and costs the kernel a walk of the pages.
 */
export type MemoryMeasure = 'resident' | 'proportional';

/** Linux reports processor time in hundredths of a second, whatever its own clock. */
const tick = 10;

/**
 * Adds up what the sandbox's own /proc shows, which is exactly its processes; `init` is the host's id of its
 * first process. Undefined when that one is gone.
 */
export async function readProcesses(
  init: number,
  measure: MemoryMeasure,
): Promise<ProcessReading | undefined> {
  const root = `/proc/${init}/root`;
  const entries = await readdir(join(root, 'proc')).catch(() => undefined);
  if (entries === undefined) return undefined;
  const ids = entries.filter((entry) => /^\d+$/.test(entry));
  const processes = await Promise.all(
    ids.map((id) => readProcess(join(root, 'proc', id), id === '1', measure)),
  );
  const folders = await Promise.all(['tmp', 'dev/shm'].map((folder) => heldIn(join(root, folder))));
  return {
    memoryBytes: sum(processes.map(({ memoryBytes }) => memoryBytes)) + sum(folders),
    tasks: sum(processes.map(({ tasks }) => tasks)),
    cpuMs: sum(processes.map(({ cpuMs }) => cpuMs)),
  };
}

const nothing: ProcessReading = { memoryBytes: 0, tasks: 0, cpuMs: 0 };

/** The first process is ours: of it only the time of children that it has waited for is counted. */
async function readProcess(folder: string, first: boolean, measure: MemoryMeasure): Promise<ProcessReading> {
  // a process that ended since it was listed uses nothing
  const [status, stat] = await Promise.all(
    ['status', 'stat'].map((file) => readFile(join(folder, file), 'utf8').catch(() => undefined)),
  );
  if (status === undefined || stat === undefined) return nothing;
  // the name, in parentheses, is the program's choice, and may hold anything
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11, 15);
  const waited = (waitedUser + waitedSystem) * tick;
  if (first) return { ...nothing, cpuMs: waited };
  return {
    memoryBytes: measure === 'resident' ? resident(status) : await proportional(folder, status),
    tasks: line(status, 'Threads'),
    cpuMs: (user + system) * tick + waited,
  };
}

const resident = (status: string): number =>
  sum(['RssAnon', 'RssShmem', 'VmSwap'].map((label) => line(status, label))) * 1024;

async function proportional(folder: string, status: string): Promise<number> {
  const rollup = await readFile(join(folder, 'smaps_rollup'), 'utf8').catch(() => '');
  // kernels before 5.1 do not say it
  if (!rollup.includes('Pss_Anon')) return resident(status);
  return sum(['Pss_Anon', 'Pss_Shmem', 'SwapPss'].map((label) => line(rollup, label))) * 1024;
}

const line = (status: string, label: string): number =>
  Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);

const heldIn = (folder: string): Promise<number> =>
  statfs(folder).then(
    ({ blocks, bfree, bsize }) => (blocks - bfree) * bsize,
    () => 0,
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
