import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** What all processes of a sandbox use at one moment. */
interface ProcessReading {
  /** Memory that is theirs alone or shared among them, and the contents of /tmp and /dev/shm. */
  readonly memoryBytes: number;
  readonly tasks: number;
  readonly cpuMs: number;
}

/** Linux reports processor time in hundredths of a second, whatever its own clock. */
const tick = 10;

/**
 * Adds up what the sandbox's own /proc shows, which is exactly its processes; `init` is the host's id of its
 * first process. Undefined when that one is gone.
 */
export async function readProcesses(init: number): Promise<ProcessReading | undefined> {
  const root = `/proc/${init}/root`;
  const entries = await readdir(join(root, 'proc')).catch(() => undefined);
  if (entries === undefined) return undefined;
  const ids = entries.filter((entry) => /^\d+$/.test(entry));
  const processes = await Promise.all(ids.map((id) => readProcess(join(root, 'proc', id), id === '1')));
  const folders = await Promise.all(['tmp', 'dev/shm'].map((folder) => heldIn(join(root, folder))));
  return {
    memoryBytes: sum(processes.map(({ memoryBytes }) => memoryBytes)) + sum(folders),
    tasks: sum(processes.map(({ tasks }) => tasks)),
    cpuMs: sum(processes.map(({ cpuMs }) => cpuMs)),
  };
}

const nothing: ProcessReading = { memoryBytes: 0, tasks: 0, cpuMs: 0 };

/** The first process is bubblewrap's own: of it only the time of children that it has waited for is counted. */
async function readProcess(folder: string, first: boolean): Promise<ProcessReading> {
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
    memoryBytes: (line(status, 'RssAnon') + line(status, 'RssShmem') + line(status, 'VmSwap')) * 1024,
    tasks: line(status, 'Threads'),
    cpuMs: (user + system) * tick + waited,
  };
}

const line = (status: string, label: string): number =>
  Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);

const heldIn = (folder: string): Promise<number> =>
  statfs(folder).then(
    ({ blocks, bfree, bsize }) => (blocks - bfree) * bsize,
    () => 0,
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
