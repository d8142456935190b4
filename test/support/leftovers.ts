import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { paths } from '../../libs/config/paths.js';
import { candidatePlaces } from '../../libs/sandbox/find-control-groups.js';
import { isRunning } from './is-running.js';
import type { LiveStack } from './live-stack.js';

/** What runs have left on the machine, each kind sorted; empty lists where nothing is left. */
export interface Leftovers {
  /** Processes beside those of the stack that have to do with its data folder. */
  readonly processes: readonly string[];
  /** Mounts of the host from or into its folders. */
  readonly mounts: readonly string[];
  /** Control groups of sandboxes of a worker of the stack. */
  readonly controlGroups: readonly string[];
  /** What is in the folder for scratch, beside the folders that the stack's processes have there. */
  readonly scratch: readonly string[];
  /** Names in the folder for temporary files that the stack's processes were given. */
  readonly temporary: readonly string[];
}

/** Lists what is left while the stack itself runs. */
export async function leftovers(stack: LiveStack): Promise<Leftovers> {
  const processes = await processesOf(stack.config.data);
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  return {
    processes: processes
      .filter(({ part }) => !part)
      .map(({ says }) => says)
      .toSorted(),
    mounts: mounts.split('\n').filter((line) => line.includes(stack.root)),
    controlGroups: await controlGroupsOf(mounts, new Set(processes.map(({ pid }) => pid))),
    scratch: await scratchOf(paths(stack.config).scratch),
    temporary: (await readdir(stack.temporaryFiles)).filter((name) => name !== compiledNpm).toSorted(),
  };
}

export const nothingLeft: Leftovers = {
  processes: [],
  mounts: [],
  controlGroups: [],
  scratch: [],
  temporary: [],
};

/** Where npm keeps its own code compiled, once for all times that it is run. */
const compiledNpm = 'node-compile-cache';

async function scratchOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const ofProcesses = names.filter((name) => isRunning(Number(/^[^/]+\/[a-z]+-(\d+)$/.exec(name)?.[1] ?? 0)));
  const expected = new Set([...ofProcesses, ...ofProcesses.map(dirname)]);
  return names.filter((name) => !expected.has(name)).toSorted();
}

/** How the stack's own processes are started. */
const ofTheStack = [/\/guard\.sh\0/, /\/dist\/apps\/(local|worker)\//, /\0server\0start-dev\0/];

interface Process {
  readonly pid: number;
  readonly part: boolean;
  readonly says: string;
}

/**
 * Processes that name a folder in their environment or arguments, or have something of it mounted, as those in a
 * sandbox do.
 */
async function processesOf(folder: string): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [line, ...others] = await Promise.all(
        ['cmdline', 'environ', 'mountinfo'].map((file) =>
          // A process may end while we look, and another's environment is not ours to read.
          readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => ''),
        ),
      );
      const command = line ?? '';
      if (![command, ...others].some((text) => text.includes(folder))) return [];
      const part = ofTheStack.some((pattern) => pattern.test(command));
      return [{ pid, part, says: `${pid} ${command.replaceAll('\0', ' ').slice(0, 200)}` }];
    }),
  );
  return found.flat();
}

async function controlGroupsOf(mounts: string, pids: ReadonlySet<number>): Promise<string[]> {
  const memberships = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const parents = candidatePlaces(mounts, memberships).flatMap((place) =>
    place.version === 'v2' ? [place.folder] : [place.memory, place.pids, place.cpuacct ?? place.pids],
  );
  const names = await Promise.all(
    [...new Set(parents)].map(async (parent) =>
      (await readdir(parent).catch(() => [])).map((name) => join(parent, name)),
    ),
  );
  return names.flat().filter((path) => {
    const owner = /\/heptad-(\d+)-\d+$/.exec(path)?.[1];
    return owner !== undefined && pids.has(Number(owner));
  });
}
