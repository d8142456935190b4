import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { all } from './all.js';
import { temporaryFolder } from './temporary-folder.js';

const sha256 = (bytes: Uint8Array | string): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const fileOf = (folder: string, digest: Digest) =>
  join(folder, 'sha256', digest.slice(7, 9), digest.slice(7));

function open() {
  const folder = temporaryFolder();
  return { folder, store: openStore(folder) };
}

const large = Buffer.alloc(3 * 1024 * 1024 + 17, 'heptad');

async function* inParts(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('an artifact store in a folder', () => {
  it('gives back the bytes under their SHA-256', async () => {
    const { store } = open();
    const ref = await store.put(Buffer.from('hello'), 'text/plain');
    expect(ref).toEqual({ digest: sha256('hello'), size: 5, mediaType: 'text/plain' });
    expect((await store.get(ref.digest)).toString()).toBe('hello');
    expect(await store.size(ref.digest)).toBe(5);
  });

  it('keeps empty bytes', async () => {
    const { store } = open();
    const { digest } = await store.put('', 'text/plain');
    expect(await store.get(digest)).toHaveLength(0);
  });

  it('names bytes alike whether they come whole or in parts', async () => {
    const { store } = open();
    const whole = await store.put(large, 'application/octet-stream');
    const parts = await openStore(temporaryFolder()).put(inParts(large, 100_003), 'application/octet-stream');
    expect(whole.digest).toBe(sha256(large));
    expect(parts).toEqual(whole);
    const read: Buffer[] = [];
    for await (const chunk of store.stream(whole.digest)) read.push(chunk);
    expect(Buffer.concat(read).equals(large)).toBe(true);
  });

  it('does not write again what it has, but makes it young', async () => {
    const { folder, store } = open();
    const { digest } = await store.put('same', 'text/plain');
    const file = fileOf(folder, digest);
    utimesSync(file, new Date(0), new Date(0));
    const { ino } = statSync(file);
    await store.put('same', 'text/plain');
    expect(statSync(file).ino).toBe(ino);
    expect(statSync(file).mtimeMs).toBeGreaterThan(0);
  });

  it('stores a value as canonical JSON', async () => {
    const { store } = open();
    const ref = await store.putJson({ b: 1, a: [1.0, 'é'] });
    expect((await store.get(ref.digest)).toString()).toBe('{"a":[1,"é"],"b":1}');
    expect(ref.mediaType).toBe('application/json');
    expect(await store.getJson(ref.digest, z.object({ b: z.number() }))).toEqual({ b: 1 });
  });

  it('refuses a value that JSON cannot say', async () => {
    const { store } = open();
    await expect(store.putJson({ a: Number.NaN })).rejects.toMatchObject({ code: 'InputInvalid' });
    await expect(store.putJson(undefined)).rejects.toMatchObject({ code: 'InputInvalid' });
  });

  it('says where JSON is not what was expected', async () => {
    const { store } = open();
    const { digest } = await store.putJson({ list: [{ 'a/b': 'x' }] });
    const schema = z.object({ list: z.array(z.object({ 'a/b': z.number() })) });
    await expect(store.getJson(digest, schema)).rejects.toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: '/list/0/a~1b' }],
    });
    const text = await store.put('{', 'application/json');
    await expect(store.getJson(text.digest, schema)).rejects.toMatchObject({ code: 'InputInvalid' });
  });

  it('refuses bytes that were changed behind its back', async () => {
    const { folder, store } = open();
    const { digest } = await store.put('genuine', 'text/plain');
    writeFileSync(fileOf(folder, digest), 'fakery!');
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'ArtifactCorrupt' });
    const reading = async () => {
      for await (const _ of store.stream(digest));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'ArtifactCorrupt' });
  });

  it('mends a file that was cut short when the bytes are put again', async () => {
    const { folder, store } = open();
    const { digest } = await store.put('genuine', 'text/plain');
    truncateSync(fileOf(folder, digest), 3);
    await store.put('genuine', 'text/plain');
    expect((await store.get(digest)).toString()).toBe('genuine');
  });

  it('says which artifact it does not have', async () => {
    const { store } = open();
    const digest = sha256('nothing');
    expect(await store.has(digest)).toBe(false);
    expect(await store.keep(digest)).toBe(false);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'ArtifactUnknown' });
    await expect(store.size(digest)).rejects.toMatchObject({ code: 'ArtifactUnknown' });
  });

  it('reads no name that is not a digest', async () => {
    const { store } = open();
    await expect(store.get('sha256:../../etc/passwd')).rejects.toMatchObject({ code: 'InputInvalid' });
  });

  it('reads no more than the limit', async () => {
    const { store } = open();
    const { digest } = await store.put('123456', 'text/plain');
    await expect(store.get(digest, { limit: 5 })).rejects.toMatchObject({ code: 'ArtifactTooLarge' });
    expect(await store.get(digest, { limit: 6 })).toHaveLength(6);
  });

  it('leaves nothing behind when the source fails', async () => {
    const { folder, store } = open();
    async function* failing() {
      yield Buffer.from('half');
      throw new Error('the source broke');
    }
    await expect(store.put(failing(), 'text/plain')).rejects.toThrow('the source broke');
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
    expect(existsSync(join(folder, 'sha256'))).toBe(false);
  });

  it('leaves one whole file when many put the same at once', async () => {
    const { folder, store } = open();
    const refs = await Promise.all(
      Array.from({ length: 20 }, () => store.put(inParts(large, 65_536), 'x/y')),
    );
    expect(new Set(refs.map(({ digest }) => digest))).toEqual(new Set([sha256(large)]));
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
    expect((await store.get(sha256(large))).equals(large)).toBe(true);
  });

  it('lists what it has', async () => {
    const { store } = open();
    const a = await store.put('a', 'text/plain');
    const b = await store.put('bb', 'text/plain');
    const listed = await all(store.list());
    expect(new Map(listed.map(({ digest, size }) => [digest, size]))).toEqual(
      new Map([
        [a.digest, 1],
        [b.digest, 2],
      ]),
    );
  });
});
