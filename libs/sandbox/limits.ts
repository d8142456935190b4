import { descriptors } from './bubblewrap-arguments.js';
import { ControlGroup, type Reading, readV2 } from './control-group.js';
import type { HostFacts } from './describe-host.js';
import { readProcesses } from './read-processes.js';
import type { SandboxInForce, SandboxProfile } from './sandbox.js';
import { inScope, scopeEnvironment, scopeOf } from './systemd-scope.js';

/** Descriptor that keeps a systemd scope until its counters were read; a single digit, for the shell. */
export const holdDescriptor = 9;

/** bubblewrap's own two processes, which a control group counts with the program's. */
const ownTasks = 2;

/** What holds memory and processes of one sandbox to the profile. */
export interface Limits {
  readonly memory: SandboxInForce['memory'];
  readonly processes: SandboxInForce['processes'];
  readonly cpu: SandboxInForce['cpu'];
  /** The limit on the number of tasks that the kernel keeps per user. */
  readonly userTasks: number;
  /** Milliseconds between two readings. */
  readonly interval: number;
  /** Readings in a row that see something refused, after which the program is ended. */
  readonly patience: number;
  /** What goes before bubblewrap's command line, and the environment for it. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly holds: boolean;
  /** `init`: the host's id of the sandbox's first process. */
  read(init: number): Promise<Reading>;
  /** Whatever is left in it is killed. */
  remove(): Promise<void>;
}

export async function openLimits(facts: HostFacts, profile: SandboxProfile): Promise<Limits> {
  switch (facts.limits.kind) {
    case 'cgroup':
      return inControlGroup(await ControlGroup.open(facts.limits.places, kernelLimits(profile)), profile);
    case 'systemd scope':
      return inSystemdScope(profile, facts.limits.cpu);
    case 'watchdog':
      return watched(profile, facts.root);
  }
}

const kernelLimits = (profile: SandboxProfile) => ({
  memoryBytes: profile.memoryBytes,
  tasks: profile.processes + ownTasks,
  cpuPercent: profile.cpuPercent,
});

/** What is said of a share of the processors: nothing where none was asked for. */
const cpuHeld = (
  { cpuPercent }: SandboxProfile,
  by: Exclude<SandboxInForce['cpu'], undefined>,
): SandboxInForce['cpu'] => (cpuPercent === undefined ? undefined : by);

/** Above the group's limit, so that it is the group that refuses, because the group counts what it refused. */
const aboveGroup = (profile: SandboxProfile): number => profile.processes + 8;

function inControlGroup(group: ControlGroup, profile: SandboxProfile): Limits {
  const enter = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done; shift; exec "$@"';
  return {
    memory: `cgroup ${group.version}`,
    processes: 'cgroup',
    cpu: cpuHeld(profile, group.holdsCpu ? `cgroup ${group.version}` : 'not limited'),
    userTasks: aboveGroup(profile),
    interval: 120,
    patience: 3,
    prefix: ['/bin/sh', '-c', enter, 'sh', ...group.entries, '--'],
    env: {},
    holds: false,
    read: () => group.read(),
    remove: () => group.remove(),
  };
}

function inSystemdScope(profile: SandboxProfile, cpu: boolean): Limits {
  let folder: Promise<string> | undefined;
  return {
    memory: 'systemd scope',
    processes: 'cgroup',
    cpu: cpuHeld(profile, cpu ? 'systemd scope' : 'not limited'),
    userTasks: aboveGroup(profile),
    interval: 120,
    patience: 3,
    // the shell that holds the scope is one task more
    prefix: inScope(
      { ...kernelLimits(profile), tasks: profile.processes + ownTasks + 1 },
      holdDescriptor,
      descriptors.status,
    ),
    env: scopeEnvironment(),
    holds: true,
    async read(init) {
      folder ??= scopeOf(init);
      return readV2(await folder);
    },
    remove: async () => undefined,
  };
}

function watched(profile: SandboxProfile, root: boolean): Limits {
  let seen: Reading = { memoryExceeded: false, refused: 0, cpuMs: null, peakMemoryBytes: null };
  return {
    memory: 'watchdog',
    processes: 'rlimit',
    // a lower priority would be no limit
    cpu: cpuHeld(profile, 'not limited'),
    // in a user namespace bubblewrap's first process counts as the program's user
    userTasks: root ? profile.processes : profile.processes + 1,
    interval: 40,
    // being at the limit is not being refused, so this one waits for a second
    patience: 25,
    prefix: [],
    env: {},
    holds: false,
    async read(init) {
      const rough = await readProcesses(init, 'resident');
      const over = rough !== undefined && rough.memoryBytes > profile.memoryBytes;
      const now = over ? await readProcesses(init, 'proportional') : rough;
      if (now === undefined) return seen;
      seen = {
        memoryExceeded: seen.memoryExceeded || now.memoryBytes > profile.memoryBytes,
        // the kernel does not count what it refuses for a user; at the limit, the next one is
        refused: seen.refused + (now.tasks >= profile.processes ? 1 : 0),
        cpuMs: Math.max(seen.cpuMs ?? 0, now.cpuMs),
        peakMemoryBytes: Math.max(seen.peakMemoryBytes ?? 0, now.memoryBytes),
      };
      return seen;
    },
    remove: async () => undefined,
  };
}
