import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findBubblewrap } from '../../../libs/sandbox/find-bubblewrap.js';
import { removeFolder } from '../../../libs/sandbox/remove-folder.js';
import { runInSandbox } from '../../../libs/sandbox/run-in-sandbox.js';
import type { SandboxCommand, SandboxHost, SandboxProfile } from '../../../libs/sandbox/sandbox.js';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'heptad');

export const bubblewrap = await findBubblewrap(process.env.PATH ?? '', cache);
export const host: SandboxHost = { bubblewrap };
export const asRoot = process.getuid?.() === 0;

const mebibyte = 1024 * 1024;

export const profile: SandboxProfile = {
  memoryBytes: 128 * mebibyte,
  processes: 48,
  wallMs: 20_000,
  diskBytes: 16 * mebibyte,
  outputBytes: 64 * 1024,
  fileBytes: 8 * mebibyte,
  network: 'none',
};

interface Options extends Partial<Omit<SandboxCommand, 'profile'>> {
  readonly profile?: Partial<SandboxProfile>;
  readonly host?: SandboxHost;
}

/** The folder of the running Node, seen inside as /opt/node. */
export const nodeMount = { source: dirname(process.execPath), target: '/opt/node', writable: false };

/** Runs a program in a sandbox with Node in it; the outcome's outputs as text. */
export async function run(command: readonly string[], options: Options = {}) {
  const outcome = await runInSandbox(options.host ?? host, {
    cwd: '/tmp',
    env: { PATH: '/opt/node:/usr/bin:/bin' },
    ...options,
    command,
    mounts: [nodeMount, ...(options.mounts ?? [])],
    profile: { ...profile, ...options.profile },
  });
  return { ...outcome, stdout: outcome.stdout.toString(), stderr: outcome.stderr.toString() };
}

export const shell = (script: string, options?: Options) => run(['/bin/sh', '-c', script], options);

/** Runs a CommonJS script in the sandbox; what it logs is its standard output. */
export const node = (script: string, options?: Options) => run(['node', '-e', script], options);

/** A folder that is gone when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heptad-sandbox-test-'));
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Processes of the host whose environment has this value, as every process of a sandbox that was given it. */
export async function processesMarked(value: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')),
  );
  return ids.filter((_, index) => environments[index]?.includes(value));
}

/** Folders of control groups that a process made, wherever they are. */
export async function controlGroupsOf(pid: number): Promise<string[]> {
  const entries = await readdir('/sys/fs/cgroup', { recursive: true }).catch(() => []);
  return entries.filter((entry) => new RegExp(`heptad-${pid}-\\d+$`).test(entry));
}

export const mountsOfHost = (): Promise<string> => readFile('/proc/self/mountinfo', 'utf8');
