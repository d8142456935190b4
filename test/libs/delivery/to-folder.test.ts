import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { decryptPackage } from '../../../libs/delivery/unpack.js';
import { packageContents } from '../../../libs/packaging/package-contents.js';
import { smallPackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('a package that goes to a folder', () => {
  test('is there with every file, and the receipt says where and which', async () => {
    const { small, given, deliver, scratch } = await smallPackage();
    const root = await temporaryFolder();
    const path = join(root, 'new/place');
    const receipt = await deliver({ kind: 'folder', path }, { roots: [root] });
    const folder = join(path, `run-${given.run}`);
    const { files, receipt: inside } = await packageContents(small.store, given);
    expect(await filesIn(folder)).toEqual(files.map((file) => file.path).sort());
    expect(receipt).toMatchObject({
      run: given.run,
      record: given.record.digest,
      manifest: inside.manifest,
      location: folder,
      written: sha256(await readFile(join(folder, 'delivery.json'))),
    });
    expect(await readdir(path)).toEqual([`run-${given.run}`]);
    expect(await readdir(scratch).catch(() => [])).toEqual([]);
  });

  test('is the same delivery when it is done again, and is not touched', async () => {
    const { given, deliver } = await smallPackage();
    const path = await temporaryFolder();
    const target = { kind: 'folder' as const, path };
    const first = await deliver(target, { roots: [path] });
    await writeFile(join(path, `run-${given.run}`, 'mark'), 'mine');
    await mkdir(join(path, `.run-${given.run}.half`));
    expect(await deliver(target, { roots: [path] })).toEqual(first);
    expect(await readFile(join(path, `run-${given.run}`, 'mark'), 'utf8')).toBe('mine');
  });

  test('replaces what an attempt left that was killed, and nothing that is whole', async () => {
    const { small, given, deliver } = await smallPackage();
    const path = await temporaryFolder();
    const target = { kind: 'folder' as const, path };
    await mkdir(join(path, `.run-${given.run}.half`));
    await deliver(target, { roots: [path] });
    expect(await readdir(path)).toEqual([`run-${given.run}`]);
    const other = { ...given, record: await small.store.putJson({ another: 'record' }) };
    await expect(deliver(target, { roots: [path], given: other })).rejects.toMatchObject({
      code: 'DeliveryConflict',
    });
  });

  test('leaves alone what is there under its name', async () => {
    const { given, deliver } = await smallPackage();
    const path = await temporaryFolder();
    await mkdir(join(path, `run-${given.run}`));
    await expect(deliver({ kind: 'folder', path }, { roots: [path] })).rejects.toMatchObject({
      code: 'DeliveryConflict',
    });
    expect(await readdir(join(path, `run-${given.run}`))).toEqual([]);
  });

  test('goes nowhere but below a root, also through a link', async () => {
    const { deliver } = await smallPackage();
    const [root, outside] = [await temporaryFolder(), await temporaryFolder()];
    await symlink(outside, join(root, 'link'));
    await symlink(join(outside, 'missing'), join(root, 'dangling'));
    for (const path of [outside, join(root, 'link'), join(root, 'link/new'), join(root, 'dangling')])
      await expect(deliver({ kind: 'folder', path }, { roots: [root] })).rejects.toMatchObject({
        code: 'DeliveryRefused',
      });
    expect(await readdir(outside)).toEqual([]);
  });

  test('is refused where part of the path is a file', async () => {
    const { deliver } = await smallPackage();
    const root = await temporaryFolder();
    await writeFile(join(root, 'file'), '');
    await expect(
      deliver({ kind: 'folder', path: join(root, 'file') }, { roots: [root] }),
    ).rejects.toMatchObject({ code: 'DeliveryRefused' });
  });
});

describe('a package that is encrypted for a folder', () => {
  test('is one file that opens with the key of the recipient alone, and unpacks to the package', async () => {
    const { small, given, deliver } = await smallPackage();
    const path = await temporaryFolder();
    const identity = await generateIdentity();
    const encryptTo = await identityToRecipient(identity);
    const receipt = await deliver({ kind: 'folder', path, encryptTo }, { roots: [path] });
    const file = join(path, `run-${given.run}.tar.age`);
    expect(receipt).toMatchObject({ location: file, written: sha256(await readFile(file)) });
    expect(await readdir(path)).toEqual([`run-${given.run}.tar.age`]);
    const keys = join(small.folder, 'identity.txt');
    await writeFile(keys, `# created by a test\n${identity}\n`);
    const unpacked = await decryptPackage(file, keys, join(small.folder, 'unpacked'));
    const { files } = await packageContents(small.store, given);
    expect(await filesIn(unpacked)).toEqual(files.map((one) => one.path).sort());
    await writeFile(keys, await generateIdentity());
    await expect(decryptPackage(file, keys, join(small.folder, 'other'))).rejects.toMatchObject({
      code: 'InputInvalid',
    });
    expect(await readdir(small.folder)).not.toContain('other');
  });

  test('has the same bytes in each attempt, and is not written twice', async () => {
    const { given, deliver } = await smallPackage();
    const path = await temporaryFolder();
    const encryptTo = await identityToRecipient(await generateIdentity());
    const target = { kind: 'folder' as const, path, encryptTo };
    const first = await deliver(target, { roots: [path] });
    expect(await deliver(target, { roots: [path] })).toEqual(first);
    const file = join(path, `run-${given.run}.tar.age`);
    const bytes = await readFile(file);
    await rm(file);
    await writeFile(join(path, `.part-run-${given.run}.tar.age.half`), 'half');
    await deliver(target, { roots: [path] });
    expect(await readFile(file)).toEqual(bytes);
    expect(await readdir(path)).toEqual([`run-${given.run}.tar.age`]);
    await chmod(file, 0o644);
    await writeFile(file, 'something else');
    await expect(deliver(target, { roots: [path] })).rejects.toMatchObject({ code: 'DeliveryConflict' });
    expect(await readFile(file, 'utf8')).toBe('something else');
  });
});
