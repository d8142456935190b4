import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { temporaryFolder } from './temporary-folder.js';

function open() {
  const folder = temporaryFolder();
  return { folder, entries: openStore(folder).entries };
}

describe('named entries', () => {
  it('are replaced whole', async () => {
    const { entries } = open();
    expect(await entries.put('seals/r1', 'a long first text')).toBe(true);
    expect(await entries.put('seals/r1', 'short')).toBe(true);
    expect((await entries.get('seals/r1'))?.toString()).toBe('short');
  });

  it('are undefined where there is none', async () => {
    const { entries } = open();
    expect(await entries.get('seals/r1')).toBeUndefined();
    expect(await entries.list('')).toEqual([]);
    expect(await entries.delete('seals/r1')).toBe(false);
  });

  it('let exactly one of many win where they must be absent', async () => {
    const { folder, entries } = open();
    const writers = Array.from({ length: 20 }, (_, n) =>
      entries.put('lock', `writer ${n}`, { ifAbsent: true }),
    );
    const won = await Promise.all(writers);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await entries.get('lock'))?.toString()).toBe(`writer ${won.indexOf(true)}`);
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  });

  it('are listed by prefix, sorted, a name beside those below it', async () => {
    const { entries } = open();
    for (const name of ['a/10', 'a/2', 'a', 'ab/c', 'b', 'a/x/y']) await entries.put(name, name);
    expect(await entries.list('a')).toEqual(['a', 'a/10', 'a/2', 'a/x/y', 'ab/c']);
    expect(await entries.list('a/')).toEqual(['a/10', 'a/2', 'a/x/y']);
    expect(await entries.list('a/x/y')).toEqual(['a/x/y']);
    expect(await entries.list('c/')).toEqual([]);
  });

  it('leave no folder behind when they are deleted', async () => {
    const { folder, entries } = open();
    await entries.put('a/b/c', '1');
    await entries.put('a/d', '2');
    expect(await entries.delete('a/b/c')).toBe(true);
    expect(await entries.list('')).toEqual(['a/d']);
    expect(readdirSync(join(folder, 'entries', 'a'))).toEqual(['d~']);
  });

  it('can be written while a neighbour is deleted', async () => {
    const { entries } = open();
    const rounds = Array.from({ length: 50 }, async (_, n) => {
      await entries.put(`x/y/${n}`, 'v');
      await entries.delete(`x/y/${n}`);
      await entries.put(`x/y/${n}-again`, 'v');
    });
    await Promise.all(rounds);
    expect(await entries.list('x/')).toHaveLength(50);
  });

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    '.hidden',
    'a b',
    'a~',
    'a\u0000',
    'ä',
    'a'.repeat(201),
  ])('refuse the name %j', async (name) => {
    const { entries } = open();
    await expect(entries.put(name, 'x')).rejects.toMatchObject({ code: 'InputInvalid' });
    await expect(entries.get(name)).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});
