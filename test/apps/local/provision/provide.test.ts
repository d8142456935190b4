import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provide } from '../../../../apps/local/provision/provide.js';
import { findChange, readRecord } from '../../../../apps/local/provision/record.js';

describe('something in the cache', () => {
  let cache: string;
  let made: number;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'heptad-test-'));
    made = 0;
  });
  afterEach(() => rm(cache, { recursive: true }));

  const folder = (): string => join(cache, 'tool-1.0.0');
  const get = (): Promise<string> =>
    provide({
      what: 'the tool',
      version: '1.0.0',
      folder: folder(),
      make: async (fresh) => {
        made += 1;
        await mkdir(join(fresh, 'lib'));
        await writeFile(join(fresh, 'tool'), 'program');
        await writeFile(join(fresh, 'lib', 'part'), 'library');
        return 'a test';
      },
    });

  it('is made once and found afterwards', async () => {
    expect(await get()).toBe(folder());
    await get();
    expect(made).toBe(1);
  });

  it('is made once for many who want it at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, get));
    expect(made).toBe(1);
  });

  it('has the digest of each file on record, and where it came from', async () => {
    await get();
    expect(await readRecord(folder())).toMatchObject({
      source: 'a test',
      version: '1.0.0',
      files: {
        tool: { size: 7, sha256: createHash('sha256').update('program').digest('hex') },
        'lib/part': { size: 7, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
  });

  it('is made again where a file has other bytes of another size', async () => {
    await get();
    await writeFile(join(folder(), 'tool'), 'something else');
    await get();
    expect(made).toBe(2);
    expect(await readFile(join(folder(), 'tool'), 'utf8')).toBe('program');
  });

  it('is made again where a file has other bytes of the same size', async () => {
    await get();
    await writeFile(join(folder(), 'tool'), 'PROGRAM');
    await get();
    expect(made).toBe(2);
  });

  it('is made again where a file is gone', async () => {
    await get();
    await rm(join(folder(), 'lib', 'part'));
    await get();
    expect(made).toBe(2);
  });

  it('is kept where only the times differ, as after a copy', async () => {
    await get();
    await utimes(join(folder(), 'tool'), 1_000_000, 1_000_000);
    await get();
    expect(made).toBe(1);
  });

  it('shows other bytes under the same size and time to a full check', async () => {
    await get();
    const tool = join(folder(), 'tool');
    const { atimeMs, mtimeMs } = await stat(tool);
    await writeFile(tool, 'PROGRAM');
    await utimes(tool, atimeMs / 1000, mtimeMs / 1000);
    const record = await readRecord(folder());
    if (record === undefined) throw new Error('No record.');
    expect(await findChange(folder(), record)).toBeUndefined();
    expect(await findChange(folder(), record, { full: true })).toContain('SHA-256');
  });

  it('is not there where making it failed, and nothing else is', async () => {
    const failing = provide({
      what: 'the tool',
      version: '1.0.0',
      folder: folder(),
      make: async (fresh) => {
        await writeFile(join(fresh, 'half'), '');
        throw new Error('the network went away');
      },
    });
    await expect(failing).rejects.toThrow('the network went away');
    expect(await readdir(cache)).toEqual([]);
  });

  it('is made where an attempt was killed in the middle, and what that left is removed', async () => {
    await mkdir(`${folder()}.tmp`);
    await writeFile(join(`${folder()}.tmp`, 'half'), '');
    await get();
    expect(await readdir(cache)).toEqual(['tool-1.0.0']);
    expect((await readdir(folder())).sort()).toEqual(['lib', 'record.json', 'tool']);
  });
});
