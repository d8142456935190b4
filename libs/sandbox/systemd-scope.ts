import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The environment in which a user's systemd is found. */
export const scopeEnvironment = (): Record<string, string> => ({
  XDG_RUNTIME_DIR: `/run/user/${process.getuid?.()}`,
});

/**
 * The command line that runs the rest in a scope of its own under the user's systemd.
 * Its shell dies with us, passes nothing of its environment on, and stays after the program has ended until
 * descriptor `hold` is closed (it lets go of `status` at once, so that the end is seen), because systemd removes an empty scope and with it what it has counted.
 */
export const inScope = (
  limits: { memoryBytes: number; tasks: number; cpuPercent?: number | undefined },
  hold: number,
  status: number,
): string[] => [
  ...['/usr/bin/systemd-run', '--user', '--scope', '--quiet', '--collect'],
  ...['-p', `MemoryMax=${limits.memoryBytes}`, '-p', 'MemorySwapMax=0', '-p', `TasksMax=${limits.tasks}`],
  ...(limits.cpuPercent === undefined ? [] : ['-p', `CPUQuota=${quotaOf(limits.cpuPercent)}%`]),
  ...['-p', 'OOMPolicy=continue', '--', '/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'],
  ...[
    '/bin/sh',
    '-c',
    `/usr/bin/env -i "$@" ${hold}<&-; code=$?; exec ${status}>&-; read -r line <&${hold}; exit $code`,
    'sh',
  ],
];

/** systemd counts percent of one processor, and takes whole ones. */
const quotaOf = (cpuPercent: number): number => Math.max(1, Math.floor(cpuPercent * availableParallelism()));

/**
 * Whether the user's systemd makes scopes whose limits the kernel holds, and whether it holds shares of the processors,
 * too, which not every system delegates to users; asked by making one. Undefined where there are none.
 */
export async function findScopes(): Promise<{ readonly cpu: boolean } | undefined> {
  const memoryBytes = 64 * 1024 * 1024;
  const [file = '', ...rest] = inScope({ memoryBytes, tasks: 16, cpuPercent: 50 }, 0, 4);
  const folder = '/sys/fs/cgroup/$(cut -d: -f3 /proc/self/cgroup)';
  const script = `cat ${folder}/memory.max ${folder}/pids.max; cat ${folder}/cpu.max 2>/dev/null; :`;
  const started = run(file, [...rest, '/bin/sh', '-c', script], { env: scopeEnvironment(), timeout: 10_000 });
  started.child.stdin?.end();
  return started.then(
    ({ stdout }) => {
      const [memory, tasks, cpu = ''] = stdout.split('\n');
      return memory === String(memoryBytes) && tasks === '16' ? { cpu: /^\d+ \d+$/.test(cpu) } : undefined;
    },
    // no systemd-run, no user's systemd, or limits that are not delegated: then there are no scopes
    () => undefined,
  );
}

/** The folder of the scope that a process is in. */
export async function scopeOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cgroup`, 'utf8');
  return join('/sys/fs/cgroup', /^0::(.*)$/m.exec(text)?.[1] ?? '');
}
