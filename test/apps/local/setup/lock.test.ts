import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { tryLock, withLock } from '../../../../apps/local/setup/lock.mjs';

const lockModule = fileURLToPath(new URL('../../../../apps/local/setup/lock.mjs', import.meta.url));
const unique = (): string => `test ${process.pid} ${process.hrtime.bigint()}`;

describe('a lock', () => {
  let holder: ChildProcess | undefined;
  afterEach(() => holder?.kill('SIGKILL'));

  /** Starts a process that takes the lock and keeps it until it is killed. */
  const heldElsewhere = async (name: string): Promise<ChildProcess> => {
    const program = `
      const { tryLock } = await import(${JSON.stringify(lockModule)});
      console.log((await tryLock(${JSON.stringify(name)})) === undefined ? 'refused' : 'taken');
      setInterval(() => {}, 1000);`;
    holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(holder.stdout ?? holder, 'data');
    expect(String(said).trim()).toBe('taken');
    return holder;
  };

  it('is had by one at a time, and by the next after its release', async () => {
    const name = unique();
    const release = await tryLock(name);
    expect(release).toBeTypeOf('function');
    expect(await tryLock(name)).toBeUndefined();
    release?.();
    const again = await tryLock(name);
    expect(again).toBeTypeOf('function');
    again?.();
  });

  it('is another one for another name', async () => {
    const releases = [await tryLock(unique()), await tryLock(unique())];
    expect(releases.every((release) => release !== undefined)).toBe(true);
    for (const release of releases) release?.();
  });

  it('is refused while another process holds it, and free once that is killed', async () => {
    const name = unique();
    const other = await heldElsewhere(name);
    expect(await tryLock(name)).toBeUndefined();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const release = await tryLock(name);
    expect(release).toBeTypeOf('function');
    release?.();
  });

  it('is waited for, which is said once, until the process that holds it is killed', async () => {
    const name = unique();
    const other = await heldElsewhere(name);
    const said: string[] = [];
    let waits: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const work = withLock(
      name,
      () => {
        said.push('waiting');
        waits();
      },
      async () => 'done',
    );
    await waiting;
    other.kill('SIGKILL');
    expect(await work).toBe('done');
    expect(said).toEqual(['waiting']);
  });

  it('never lets two work at once', async () => {
    const name = unique();
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      most.push(inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(name, () => undefined, work)));
    expect(most).toEqual(Array(8).fill(1));
  });

  it('is released when the work fails', async () => {
    const name = unique();
    const failing = withLock(
      name,
      () => undefined,
      async () => {
        throw new Error('no');
      },
    );
    await expect(failing).rejects.toThrow('no');
    const release = await tryLock(name);
    expect(release).toBeTypeOf('function');
    release?.();
  });
});
