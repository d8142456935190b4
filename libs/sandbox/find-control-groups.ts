import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { ControlGroup, type ControlGroupPlace, sweepControlGroups } from './control-group.js';

const run = promisify(execFile);

/**
 * Where control groups can be made here; undefined where none can. Found by making one with limits, having a
 * process enter it, and removing it again. Groups that a process of ours left behind by dying are removed on the
 * way.
 */
export async function findControlGroups(): Promise<ControlGroupPlace | undefined> {
  const [mounts, memberships] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    readFile('/proc/self/cgroup', 'utf8').catch(() => ''),
  ]);
  for (const place of candidatePlaces(mounts, memberships)) {
    await sweepControlGroups(place);
    if (await takesProcesses(place)) return place;
    // the processors may be someone else's to divide; memory and processes are held all the same
    if (place.version === 'v1' && place.cpu !== undefined) {
      const without = { ...place, cpu: undefined };
      if (await takesProcesses(without)) return without;
    }
  }
  return undefined;
}

/** Making a group is one permission, and moving a process into it another. */
async function takesProcesses(place: ControlGroupPlace): Promise<boolean> {
  const limits = { memoryBytes: 64 * 1024 * 1024, tasks: 16, cpuPercent: 50 };
  const group = await ControlGroup.open(place, limits).catch(() => undefined);
  if (group === undefined) return false;
  const enter = 'for file; do echo $$ >"$file" || exit 1; done';
  const entered = await run('/bin/sh', ['-c', enter, 'sh', ...group.entries], { env: {} }).then(
    () => true,
    () => false,
  );
  await group.remove();
  return entered;
}

/** Candidates, best first, from the texts of /proc/self/mountinfo and /proc/self/cgroup. */
export function candidatePlaces(mountinfo: string, memberships: string): ControlGroupPlace[] {
  const mounts = parseMounts(mountinfo);
  const own = parseMemberships(memberships);
  const folderOf = (controller: string): string | undefined => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const path = own.find(({ controllers }) => controllers.includes(controller))?.path;
    return mount === undefined || path === undefined ? undefined : within(mount, path);
  };
  const places: ControlGroupPlace[] = [];
  const memory = folderOf('memory');
  const pids = folderOf('pids');
  if (memory !== undefined && pids !== undefined) {
    places.push({ version: 'v1', memory, pids, cpuacct: folderOf('cpuacct'), cpu: folderOf('cpu') });
  }
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  const path = own.find(({ controllers }) => controllers.length === 0)?.path;
  if (unified !== undefined && path !== undefined) {
    // a group with processes in it cannot limit groups below it, so beside ours comes before below ours
    const folder = within(unified, path);
    const beside = folder === unified.target ? [] : [dirname(folder)];
    for (const candidate of [...beside, folder]) places.push({ version: 'v2', folder: candidate });
  }
  return places;
}

interface CgroupMount {
  readonly root: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

function parseMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, target] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || target === undefined || type === undefined || !type.startsWith('cgroup'))
      return [];
    return [{ root, target, type, options: options.split(',') }];
  });
}

function parseMemberships(text: string): { controllers: readonly string[]; path: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (hierarchy === undefined || controllers === undefined || path === undefined) return [];
    return [{ controllers: controllers === '' ? [] : controllers.split(','), path }];
  });
}

/** A container sees its own part of the tree mounted, while its processes' paths may start at the real root. */
function within(mount: CgroupMount, path: string): string {
  const relative = posix.relative(mount.root, path);
  return relative.startsWith('..') ? mount.target : join(mount.target, relative);
}
