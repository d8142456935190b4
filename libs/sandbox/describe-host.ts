import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HeptadError } from '../protocol/errors.js';
import type { ControlGroupPlace } from './control-group.js';
import { findControlGroups } from './find-control-groups.js';
import type { SandboxHost } from './sandbox.js';
import { hasSeccompFilter, seccompFilter } from './seccomp.js';
import { findScopes } from './systemd-scope.js';

const run = promisify(execFile);

/** What this machine offers for sandboxes; found once per process. */
export interface HostFacts {
  readonly bubblewrap: string;
  readonly version: string;
  /** Whether we are root: programs then get a dedicated user, and else a user namespace. */
  readonly root: boolean;
  readonly limits: HostLimits;
  readonly seccomp: Buffer;
  /** Arguments that mount the system's programs and libraries, read-only. */
  readonly system: readonly string[];
  /** File descriptors that this process would hand to every program that it starts. */
  readonly inherited: readonly number[];
}

type HostLimits =
  | { readonly kind: 'cgroup'; readonly places: ControlGroupPlace }
  /** `cpu`: whether scopes hold shares of the processors. */
  | { readonly kind: 'systemd scope'; readonly cpu: boolean }
  | { readonly kind: 'watchdog' };

const found = new Map<string, Promise<HostFacts>>();

/** @throws SandboxUnavailable naming what is missing */
export function describeHost(host: SandboxHost): Promise<HostFacts> {
  const key = JSON.stringify([host.bubblewrap, host.limits]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const facts = look(host);
  found.set(key, facts);
  // what is missing now may be there later
  facts.catch(() => found.delete(key));
  return facts;
}

/** The first release whose tmpfs can be limited in size. */
const oldestVersion = [0, 7, 0] as const;

/** GNU tools: the sandbox's start and its watchdog use options that others lack. */
const tools = [
  '/bin/sh',
  '/usr/bin/setpriv',
  '/usr/bin/prlimit',
  '/usr/bin/env',
  '/usr/bin/du',
  '/usr/bin/find',
  '/usr/bin/chown',
];

async function look(host: SandboxHost): Promise<HostFacts> {
  if (process.platform !== 'linux') {
    throw unavailable(`bubblewrap isolates on Linux only, and this is ${process.platform}.`);
  }
  if (!hasSeccompFilter(process.arch)) {
    throw unavailable(`There is a system call filter for x64 and arm64, and none for ${process.arch}.`);
  }
  if (host.bubblewrap === undefined) {
    throw unavailable(
      'bubblewrap (bwrap) is neither on the PATH nor in the cache folder. Install it or run the set-up.',
    );
  }
  const missing: string[] = [];
  for (const tool of tools) {
    const there = await access(tool, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!there) missing.push(tool);
  }
  if (missing.length > 0) {
    throw unavailable(
      `Programs that a sandbox needs are missing: ${missing.join(', ')}. Install util-linux, coreutils and findutils.`,
    );
  }
  const root = process.getuid?.() === 0;
  const limits = await chooseLimits(host, root);
  return {
    bubblewrap: host.bubblewrap,
    version: await versionOf(host.bubblewrap),
    root,
    limits,
    // System V shared memory is no process's memory, so only a cgroup sees it
    seccomp: seccompFilter(process.arch, { systemV: limits.kind !== 'watchdog' }),
    system: await systemMounts(),
    inherited: await inheritedDescriptors(),
  };
}

export const unavailable = (reason: string, cause?: unknown): HeptadError =>
  new HeptadError('SandboxUnavailable', `${reason} Without an isolating sandbox no program is run.`, {
    cause,
  });

async function chooseLimits(host: SandboxHost, root: boolean): Promise<HostLimits> {
  if (host.limits === 'watchdog') return { kind: 'watchdog' };
  const places = await findControlGroups();
  if (places !== undefined) return { kind: 'cgroup', places };
  const scopes = root ? undefined : await findScopes();
  if (scopes !== undefined) return { kind: 'systemd scope', cpu: scopes.cpu };
  return { kind: 'watchdog' };
}

async function versionOf(bubblewrap: string): Promise<string> {
  const { stdout } = await run(bubblewrap, ['--version'], { env: {} }).catch((cause: unknown) => {
    throw unavailable(`${bubblewrap} could not be started.`, cause);
  });
  const version = /^bubblewrap (\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (version === null)
    throw unavailable(`${bubblewrap} does not say a version of bubblewrap: ${stdout.trim()}`);
  const numbers = version.slice(1).map(Number);
  if (compare(numbers, oldestVersion) < 0) {
    throw unavailable(
      `${bubblewrap} is ${numbers.join('.')}, and ${oldestVersion.join('.')} or newer is needed.`,
    );
  }
  return numbers.join('.');
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What programs need to start: binaries, libraries, the linker's cache. Links stay links, as on the host. */
async function systemMounts(): Promise<string[]> {
  const mounts = ['--ro-bind', '/usr', '/usr'];
  for (const folder of ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']) {
    const entry = await lstat(folder).catch(() => undefined);
    if (entry?.isSymbolicLink()) mounts.push('--symlink', await readlink(folder), folder);
    else if (entry?.isDirectory()) mounts.push('--ro-bind', folder, folder);
  }
  for (const path of ['/etc/ld.so.cache', '/etc/alternatives']) mounts.push('--ro-bind-try', path, path);
  return mounts;
}

/**
 * Node marks what it opens as not for children, and what it inherited only up to the first gap. The rest would
 * reach the sandboxed program, open.
 */
async function inheritedDescriptors(): Promise<number[]> {
  const closeOnExec = 0o2000000;
  const leaking: number[] = [];
  for (const name of await readdir('/proc/self/fdinfo')) {
    const descriptor = Number(name);
    // one that is closed while we look is no longer there to leak
    const info = await readFile(join('/proc/self/fdinfo', name), 'utf8').catch(() => '');
    const flags = /^flags:\s+(\d+)/m.exec(info)?.[1];
    if (descriptor > 2 && flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0) {
      leaking.push(descriptor);
    }
  }
  return leaking;
}
