import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ControlGroup } from '../../../libs/sandbox/control-group.js';
import { candidatePlaces } from '../../../libs/sandbox/find-control-groups.js';
import { limitCpu } from '../../../libs/sandbox/limit-cpu.js';
import { temporaryFolder } from './sandbox-fixture.js';

// A folder stands for a control group: this shows what is written, and where, but not that a kernel holds to it.
describe('what is written', () => {
  const all = availableParallelism();

  test.each([
    [25, 25_000 * all],
    [100, 100_000 * all],
    // less than a millisecond the kernel does not take
    [0.0001, 1000],
  ])('in the unified hierarchy, of a share of %d in a hundred: quota and period', async (share, quota) => {
    const cpu = await temporaryFolder();
    // as the kernel has it of a group without a limit
    await writeFile(join(cpu, 'cpu.max'), 'max 100000');
    expect(await limitCpu({ version: 'v2', cpu }, share)).toBe(true);
    expect(await readFile(join(cpu, 'cpu.max'), 'utf8')).toBe(`${quota} 100000`);
  });

  test('in a hierarchy of its own: period, then quota', async () => {
    const cpu = await temporaryFolder();
    for (const file of ['cpu.cfs_period_us', 'cpu.cfs_quota_us']) await writeFile(join(cpu, file), '-1');
    expect(await limitCpu({ version: 'v1', cpu }, 50)).toBe(true);
    expect(await readFile(join(cpu, 'cpu.cfs_period_us'), 'utf8')).toBe('100000');
    expect(await readFile(join(cpu, 'cpu.cfs_quota_us'), 'utf8')).toBe(String(50_000 * all));
  });

  test('nothing, where the group has no file for it, and then nothing is said to be held', async () => {
    const cpu = join(await temporaryFolder(), 'group');
    await mkdir(cpu);
    for (const version of ['v1', 'v2'] as const) expect(await limitCpu({ version, cpu }, 50)).toBe(false);
    await expect(access(join(cpu, 'cpu.max'))).rejects.toThrow('ENOENT');
    expect(await limitCpu({ version: 'v2', cpu: undefined }, 50)).toBe(false);
  });
});

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Why the kernel divides no processors in a group of the unified hierarchy; null where it must. */
async function whyNot(folder: string): Promise<string | null> {
  const handed = (await textOf(join(folder, 'cgroup.subtree_control'))).trim().split(' ');
  const lacking = ['cpu', 'memory', 'pids'].filter((controller) => !handed.includes(controller));
  if (lacking.length > 0) return `${folder} hands no ${lacking.join(', ')} on to groups below it`;
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable ? null : `${folder} is not ours to write to`;
}

const [mounts, own] = await Promise.all([textOf('/proc/self/mountinfo'), textOf('/proc/self/cgroup')]);
const folders = candidatePlaces(mounts, own).flatMap((place) =>
  place.version === 'v2' ? [place.folder] : [],
);

test('in the unified hierarchy the kernel takes a share, where it hands the processors on', async ({
  skip,
}) => {
  const reasons = await Promise.all(folders.map(whyNot));
  const folder = folders[reasons.indexOf(null)];
  if (folder === undefined) skip(reasons.join('; ') || 'no unified hierarchy is mounted');
  const limits = { memoryBytes: 64 * 1024 * 1024, tasks: 16, cpuPercent: 50 };
  const group = await ControlGroup.open({ version: 'v2', folder: String(folder) }, limits);
  try {
    expect(group.holdsCpu).toBe(true);
    const [entry = ''] = group.entries;
    // the kernel prints what it holds to
    expect(await readFile(join(entry, '../cpu.max'), 'utf8')).toBe(
      `${50_000 * availableParallelism()} 100000\n`,
    );
  } finally {
    await group.remove();
  }
});
