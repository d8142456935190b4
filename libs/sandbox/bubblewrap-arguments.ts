import type { HostFacts } from './describe-host.js';
import type { SandboxCommand } from './sandbox.js';

/** Descriptors that bubblewrap reads from or writes to; it closes them before the program starts. */
export const descriptors = { arguments: 3, status: 4, seccomp: 5, passwd: 6, group: 7, hosts: 8 } as const;

/** The user inside where there is none of its own on the host. */
const namespaceUser = 1000;

/** bubblewrap's arguments, and the files that are made for the sandbox, by descriptor. */
export interface BubblewrapInput {
  readonly arguments: readonly string[];
  readonly files: ReadonlyMap<number, string>;
}

/**
 * An empty root with the system's programs, the mounts, /proc, /dev and /tmp of its own; all namespaces; no
 * capability. As root, bubblewrap stays root while it mounts, and the program becomes `uid` before it starts.
 */
export function bubblewrapInput(
  facts: HostFacts,
  command: SandboxCommand,
  limits: { readonly uid: number | undefined; readonly userTasks: number },
): BubblewrapInput {
  const { profile } = command;
  const { uid } = limits;
  const memoryFiles = String(temporaryBytes(profile));
  const file = (descriptor: number, path: string) => ['--perms', '0444', '--file', String(descriptor), path];
  const folder = (path: string) => ['--perms', '1777', '--size', memoryFiles, '--tmpfs', path];
  const args = [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...(uid === undefined
      ? ['--unshare-user', '--uid', `${namespaceUser}`, '--gid', `${namespaceUser}`]
      : []),
    ...['--hostname', 'sandbox', '--die-with-parent', '--as-pid-1', '--new-session', '--clearenv'],
    ...['--seccomp', String(descriptors.seccomp), '--json-status-fd', String(descriptors.status)],
    ...['--perms', '0755', '--dir', '/etc'],
    ...facts.system,
    ...file(descriptors.passwd, '/etc/passwd'),
    ...file(descriptors.group, '/etc/group'),
    ...file(descriptors.hosts, '/etc/hosts'),
    ...['--proc', '/proc', '--dev', '/dev', ...folder('/dev/shm'), '--remount-ro', '/dev', ...folder('/tmp')],
    ...command.mounts.flatMap(({ source, target, writable }) => [
      ...above(target).flatMap((parent) => ['--perms', '0755', '--dir', parent]),
      ...[writable ? '--bind' : '--ro-bind', source, target],
    ]),
    ...['--remount-ro', '/', '--chdir', '/'],
    ...Object.entries(command.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--cap-drop', 'ALL'],
    ...(uid === undefined ? [] : becoming.flatMap((capability) => ['--cap-add', capability])),
    '--',
    ...first,
    ...(uid === undefined ? [] : become(uid)),
    ...limited(profile.fileBytes, limits.userTasks),
    ...within(command.cwd),
    ...command.command,
  ];
  const id = uid ?? namespaceUser;
  return {
    arguments: args,
    files: new Map([
      [
        descriptors.arguments,
        args
          .slice(0, args.indexOf('--'))
          .map((argument) => `${argument}\0`)
          .join(''),
      ],
      [descriptors.passwd, `sandbox:x:${id}:${id}::/tmp:/bin/sh\n`],
      [descriptors.group, `sandbox:x:${id}:\n`],
      [descriptors.hosts, '127.0.0.1 localhost sandbox\n::1 localhost sandbox\n'],
    ]),
  };
}

/** The folders above a path, the highest first: those that bubblewrap makes unasked, only root could enter. */
const above = (path: string): string[] => {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
};

/** /tmp and /dev/shm are memory, so they may not take all of it. */
const temporaryBytes = ({ diskBytes, memoryBytes }: SandboxCommand['profile']): number =>
  Math.max(4096, Math.min(diskBytes, Math.floor(memoryBytes / 2)));

/**
 * The sandbox's first process: it waits for the program and for orphans. It is ours and not bubblewrap's, because
 * bubblewrap then ends after the last process of the sandbox, and not before. What it would say of a program that
 * was killed is not the program's output.
 */
const first = ['/bin/sh', '-c', 'exec 3>&2 2>/dev/null; ("$@" 2>&3 3>&-); exit $?', 'sh'];

/** What becoming another user for good takes; gone with it. */
const becoming = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'];

const become = (uid: number): string[] => [
  ...['/usr/bin/setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups'],
  ...['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'],
];

/** Limits of each process; the number of tasks is that of the user, so it is set after becoming one. */
const limited = (fileBytes: number, userTasks: number): string[] => [
  ...['/usr/bin/prlimit', `--nproc=${userTasks}`, `--fsize=${fileBytes}`, '--core=0', '--nofile=4096'],
  ...['--memlock=65536', '--msgqueue=0', '--rtprio=0', '--nice=0', '--'],
];

/** The folder is entered last, because it may be one that only the program's user can enter. */
const within = (cwd: string): string[] => ['/usr/bin/env', '-C', cwd, `PWD=${cwd}`];

/** The beginning of what is said where the folder cannot be entered, and the exit code that comes with it. */
export const notWithin = { code: 125, says: '/usr/bin/env: cannot change directory to' };
