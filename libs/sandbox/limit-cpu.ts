import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** The time in which a group may use its share, in microseconds: the kernel's own default. */
const period = 100_000;

/** The folder of a group in the hierarchy of the processors; undefined where there is none. */
export interface CpuFolder {
  readonly version: 'v1' | 'v2';
  readonly cpu: string | undefined;
}

/**
 * Limits a control group to a share of all processors together.
 *
 * @returns whether it could be set: what delegates memory does not always delegate the processors
 */
export async function limitCpu({ version, cpu }: CpuFolder, cpuPercent: number): Promise<boolean> {
  if (cpu === undefined) return false;
  // the kernel takes no less than a millisecond
  const quota = Math.max(1000, Math.round((cpuPercent / 100) * availableParallelism() * period));
  // the kernel makes these files with the group; one that is not there is a controller that is not
  const write = (file: string, value: string) => writeFile(join(cpu, file), value, { flag: 'r+' });
  const set =
    version === 'v2'
      ? write('cpu.max', `${quota} ${period}`)
      : write('cpu.cfs_period_us', String(period)).then(() => write('cpu.cfs_quota_us', String(quota)));
  return set.then(
    () => true,
    // no such controller, or not ours to set
    () => false,
  );
}
