import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deliverPackage } from '../../../activities/delivery/deliver-package.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import { inActivity } from '../../support/in-activity.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function depot() {
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'artifacts'));
  const packages = join(folder, 'packages');
  const stage = async (names: Readonly<Record<string, string>>): Promise<ArtifactRef> => {
    const files = [];
    for (const [name, text] of Object.entries(names))
      files.push({ name, ...(await store.put(text, 'text/plain')) });
    const manifest = await store.putJson({ files: Object.keys(names) });
    return await store.putJson({ kind: 'package', candidate: 'A', manifest, files });
  };
  const record = await store.putJson({ record: 1 });
  const deliver = async (staged: ArtifactRef, under: ArtifactRef = record) =>
    await inActivity(() => deliverPackage({ store, packages })({ run: 'r1', staged, record: under }));
  return { store, packages, stage, record, deliver };
}

test('the package is there whole, with its manifest and a receipt that names the record', async () => {
  const { packages, stage, record, deliver } = await depot();
  const receipt = await deliver(await stage({ 'a.txt': 'A', 'b/c.txt': 'C' }));
  expect(receipt).toMatchObject({ path: join(packages, 'run-r1'), files: 2 });
  expect((await readdir(packages)).sort()).toEqual(['run-r1']);
  expect((await readdir(receipt.path)).sort()).toEqual(['a.txt', 'b', 'delivery.json', 'manifest.json']);
  expect(await readFile(join(receipt.path, 'b/c.txt'), 'utf8')).toBe('C');
  expect(JSON.parse(await readFile(join(receipt.path, 'delivery.json'), 'utf8'))).toMatchObject({
    run: 'r1',
    record: record.digest,
    manifest: receipt.manifest,
  });
});

test('delivering again under the same record answers the same receipt and touches nothing', async () => {
  const { stage, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A' });
  const first = await deliver(staged);
  await writeFile(join(first.path, 'mark'), 'still here');
  expect(await deliver(staged)).toEqual(first);
  expect(await readFile(join(first.path, 'mark'), 'utf8')).toBe('still here');
});

test('two attempts at once deliver once and answer the same', async () => {
  const { packages, stage, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A' });
  const answers = await Promise.allSettled([deliver(staged), deliver(staged)]);
  const receipts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  expect(receipts.length).toBeGreaterThan(0);
  expect(new Set(receipts.map(({ manifest }) => manifest)).size).toBe(1);
  expect(await deliver(staged)).toEqual(receipts[0]);
  expect(await readdir(packages)).toEqual(['run-r1']);
});

test('delivering under another record is refused', async () => {
  const { store, stage, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A' });
  await deliver(staged);
  await expect(deliver(staged, await store.putJson({ record: 2 }))).rejects.toMatchObject({
    code: 'DeliveryConflict',
  });
});

test('a folder that is not ours is left as it is', async () => {
  const { packages, stage, deliver } = await depot();
  await mkdir(join(packages, 'run-r1'), { recursive: true });
  await writeFile(join(packages, 'run-r1', 'mine.txt'), 'mine');
  await expect(deliver(await stage({ 'a.txt': 'A' }))).rejects.toMatchObject({ code: 'DeliveryConflict' });
  expect(await readdir(join(packages, 'run-r1'))).toEqual(['mine.txt']);
});

test('what an attempt that was killed left half written is removed', async () => {
  const { packages, stage, deliver } = await depot();
  await mkdir(join(packages, '.run-r1.half'), { recursive: true });
  await writeFile(join(packages, '.run-r1.half', 'a.txt'), 'A');
  await deliver(await stage({ 'a.txt': 'A' }));
  expect(await readdir(packages)).toEqual(['run-r1']);
});

test('a package whose bytes are not all there leaves nothing', async () => {
  const { store, packages, stage, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A', 'b.txt': 'B' });
  const { digest } = await store.put('B', 'text/plain');
  await store.remove(digest, new Date(Date.now() + 60_000));
  await expect(deliver(staged)).rejects.toMatchObject({ code: 'ArtifactUnknown' });
  expect(await readdir(packages)).toEqual([]);
});

test.each([
  '../out.txt',
  '/etc/out.txt',
  'a/../../out.txt',
  'delivery.json',
  'seal/seal.json',
  'Manifest.json',
  'a\u0000b',
  '',
])('the path %j is refused before anything is written', async (path) => {
  const { packages, stage, deliver } = await depot();
  await expect(deliver(await stage({ [path]: 'bytes' }))).rejects.toMatchObject({ code: 'InputInvalid' });
  await expect(readdir(packages)).rejects.toMatchObject({ code: 'ENOENT' });
});
