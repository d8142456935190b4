import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { Header } from 'tar';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { packageTar } from '../../../libs/delivery/package-tar.js';
import { decryptPackage, type UnpackLimits, unpackPackage } from '../../../libs/delivery/unpack.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Entry {
  readonly path: string;
  readonly content?: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO' | 'Directory';
  readonly linkpath?: string;
}

/** An archive as an attacker may write it. */
function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = '', type = 'File', linkpath }) => {
    const size = Buffer.byteLength(content);
    const block = Buffer.alloc(512);
    new Header({ path, size, type, mode: 0o644, ...(linkpath ? { linkpath } : {}) }).encode(block);
    return [block, Buffer.from(content), Buffer.alloc((512 - (size % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function unpacked(bytes: Uint8Array, limits?: UnpackLimits) {
  const folder = await temporaryFolder();
  const file = join(folder, 'package.tar');
  await writeFile(file, bytes);
  const into = join(folder, 'into');
  return { folder, into, unpacking: unpackPackage(file, into, limits) };
}

describe('a package in one piece', () => {
  test('is the same bytes each time, and is read by the tar of the system', async () => {
    const folder = await temporaryFolder();
    const store = openStore(join(folder, 'artifacts'));
    const long = `artifacts/files/${'long/'.repeat(60)}näme.txt`;
    const files = await Promise.all(
      [
        ['README.md', 'read me'],
        [long, 'x'.repeat(5000)],
        ['empty', ''],
        ['exact', 'e'.repeat(512)],
      ].map(async ([path = '', text = '']) => ({
        path,
        digest: (await store.put(text, 'text/plain')).digest,
      })),
    );
    const made = () => buffer(packageTar(store, 'run-r1', files));
    const bytes = await made();
    expect(await made()).toEqual(bytes);
    const file = join(folder, 'run-r1.tar');
    await writeFile(file, bytes);
    const listed = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--file', file], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    expect(listed.split('\n')[0]).toMatch(/^-rw-r--r-- 0\/0 +7 1970-01-01 00:00 run-r1\/README\.md$/);
    const into = join(folder, 'into');
    expect(await unpackPackage(file, into)).toBe(join(into, 'run-r1'));
    execFileSync('tar', ['--extract', '--file', file, '--directory', folder]);
    for (const { path, digest } of files)
      for (const where of [join(into, 'run-r1'), join(folder, 'run-r1')])
        expect(await readFile(join(where, path))).toEqual(await store.get(digest));
  });

  test.each<[string, readonly Entry[]]>([
    ['a symbolic link', [{ path: 'run-a/x', type: 'SymbolicLink', linkpath: '/etc' }]],
    ['a hard link', [{ path: 'run-a/x', type: 'Link', linkpath: '../secret' }]],
    ['a device', [{ path: 'run-a/x', type: 'CharacterDevice' }]],
    ['a pipe', [{ path: 'run-a/x', type: 'FIFO' }]],
    ['a way up', [{ path: 'run-a/../../x', content: 'x' }]],
    ['an absolute path', [{ path: '/run-a/x', content: 'x' }]],
    ['a file beside the folder', [{ path: 'run-a', content: 'x' }]],
    ['another folder', [{ path: 'other/x', content: 'x' }]],
    [
      'two packages',
      [
        { path: 'run-a/x', content: 'x' },
        { path: 'run-b/x', content: 'x' },
      ],
    ],
    [
      'one path twice',
      [
        { path: 'run-a/x', content: 'x' },
        { path: 'run-a/x', content: 'y' },
      ],
    ],
    [
      'one path twice, in two ways',
      [
        { path: 'run-a/x', content: 'x' },
        { path: './run-a/x', content: 'y' },
      ],
    ],
    [
      'a file below a file',
      [
        { path: 'run-a/x', content: 'x' },
        { path: 'run-a/x/y', content: 'y' },
      ],
    ],
    ['no file', [{ path: 'run-a/', type: 'Directory' }]],
    ['a name with a control character', [{ path: 'run-a/\u001b[2J', content: 'x' }]],
  ])('is refused with %s, and nothing of it is left', async (_, entries) => {
    const safe = { path: 'run-a/safe', content: 'safe' };
    for (const list of [entries, [safe, ...entries]]) {
      if (list !== entries && entries[0]?.type === 'Directory') continue;
      const { folder, into, unpacking } = await unpacked(tarOf(list));
      await expect(unpacking).rejects.toMatchObject({ code: 'InputInvalid' });
      expect(await readdir(into).catch(() => [])).toEqual([]);
      expect((await readdir(folder)).filter((name) => !['into', 'package.tar'].includes(name))).toEqual([]);
    }
  });

  test('is refused over the limits, and where it is cut or damaged', async () => {
    const entries = [1, 2, 3].map((n) => ({ path: `run-a/${n}`, content: 'x'.repeat(1000) }));
    const whole = tarOf(entries);
    const damaged = Buffer.from(whole);
    damaged.write('!', 1024 + 512 + 5);
    for (const [bytes, limits] of [
      [whole, { files: 2 }],
      [whole, { bytes: 2999 }],
      [whole.subarray(0, 2000), {}],
      [damaged, {}],
      [Buffer.alloc(0), {}],
      [Buffer.from('no archive at all'), {}],
    ] as const) {
      const { into, unpacking } = await unpacked(bytes, limits);
      await expect(unpacking).rejects.toMatchObject({ code: 'InputInvalid' });
      expect(await readdir(into).catch(() => [])).toEqual([]);
    }
    expect(await readdir(await (await unpacked(whole, { files: 3, bytes: 3000 })).unpacking)).toHaveLength(3);
  });

  test('is not unpacked into a folder that is there already', async () => {
    const { folder, into, unpacking } = await unpacked(tarOf([{ path: 'run-a/x', content: 'x' }]));
    await unpacking;
    await writeFile(join(into, 'run-a/mine'), 'mine');
    await expect(unpackPackage(join(folder, 'package.tar'), into)).rejects.toMatchObject({
      code: 'InputInvalid',
    });
    expect(await readdir(join(into, 'run-a'))).toEqual(['mine', 'x']);
    await mkdir(join(folder, 'elsewhere'));
    await mkdir(join(folder, 'linked'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'linked/run-a'));
    await expect(unpackPackage(join(folder, 'package.tar'), join(folder, 'linked'))).rejects.toThrow();
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
  });
});

describe('an encrypted package', () => {
  test('that was changed or cut is refused, and no error repeats the identity', async () => {
    const folder = await temporaryFolder();
    const identity = await generateIdentity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const bytes = await encrypter.encrypt(tarOf([{ path: 'run-a/x', content: 'x'.repeat(200_000) }]));
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 1000] = (changed.at(-1000) ?? 0) ^ 1;
    const keys = join(folder, 'identity.txt');
    const file = join(folder, 'run-a.tar.age');
    const into = join(folder, 'into');
    await writeFile(keys, identity);
    for (const wrong of [changed, bytes.subarray(0, 150_000)]) {
      await writeFile(file, wrong);
      await expect(decryptPackage(file, keys, into)).rejects.toMatchObject({ code: 'InputInvalid' });
      expect(await readdir(into).catch(() => [])).toEqual([]);
    }
    await writeFile(file, bytes);
    const broken = identity.replace(/.$/, identity.endsWith('Q') ? 'P' : 'Q');
    for (const content of ['', '# nothing\n', broken, 'no identity']) {
      await writeFile(keys, content);
      const error: unknown = await decryptPackage(file, keys, into).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'InputInvalid' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(broken.slice(20));
    }
  });
});
