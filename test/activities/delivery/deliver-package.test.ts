import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { deliverPackage } from '../../../activities/delivery/deliver-package.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { ArtifactRef, NamedArtifact } from '../../../libs/contracts/artifact.js';
import type { StagedPackage } from '../../../libs/contracts/phase.js';
import { inActivity } from '../../support/in-activity.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function depot() {
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'artifacts'));
  const packages = join(folder, 'packages');
  const stage = async (names: Readonly<Record<string, string>>): Promise<ArtifactRef> => {
    const files: NamedArtifact[] = [];
    for (const [name, text] of Object.entries(names))
      files.push({ name, ...(await store.put(text, 'text/plain')) });
    const ref = await store.putJson({ of: 'the run' });
    const staged: StagedPackage = {
      kind: 'package',
      candidate: 'A',
      workspace: { digest: ref.digest, files: 0, bytes: 0 },
      merge: ref,
      judgement: ref,
      validation: ref,
      insteadOfMerge: null,
      manifest: await store.putJson({ files: Object.keys(names) }),
      manifestBinary: await store.put('binary', 'text/plain'),
      manifestSchema: await store.put('schema', 'text/plain'),
      files,
    };
    return await store.putJson(staged);
  };
  const attest = async (names: Readonly<Record<string, string>>): Promise<ArtifactRef> => {
    const files: NamedArtifact[] = [];
    for (const [name, text] of Object.entries(names))
      files.push({ name, ...(await store.put(text, 'text/plain')) });
    return await store.putJson(files);
  };
  const record = await store.putJson({ record: 1 });
  const attestations = await attest({
    'evidence/keys.json': 'keys',
    'attestations/provenance.json': 'signed',
  });
  const deliver = async (staged: ArtifactRef, under: ArtifactRef = record, signed = attestations) =>
    await inActivity(() =>
      deliverPackage({ store, packages })({ run: 'r1', staged, attestations: signed, record: under }),
    );
  return { store, packages, stage, attest, record, deliver };
}

test('the package is there whole, with manifest, attestations, keys and a receipt that names all of them', async () => {
  const { store, packages, stage, record, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A', 'b/c.txt': 'C' });
  const receipt = await deliver(staged);
  expect(receipt).toMatchObject({ path: join(packages, 'run-r1'), files: 2 });
  expect(await readdir(packages)).toEqual(['run-r1']);
  const text = async (path: string): Promise<string> => await readFile(join(receipt.path, path), 'utf8');
  expect(await filesIn(receipt.path)).toEqual([
    'a.txt',
    'attestations/provenance.json',
    'b/c.txt',
    'delivery.json',
    'evidence/keys.json',
    'manifest/manifest.bin',
    'manifest/manifest.capnp',
    'manifest/manifest.json',
    'reports/deliver.json',
  ]);
  expect(await text('b/c.txt')).toBe('C');
  expect(await text('attestations/provenance.json')).toBe('signed');
  expect(await text('reports/deliver.json')).toBe((await store.get(staged.digest)).toString());
  const written = await text('delivery.json');
  const digestOf = async (content: string) => (await store.put(content, 'text/plain')).digest;
  expect(JSON.parse(written)).toEqual({
    version: 1,
    run: 'r1',
    record: record.digest,
    manifest: receipt.manifest,
    staged: staged.digest,
    files: 2,
    attestations: [
      { path: 'attestations/provenance.json', digest: await digestOf('signed') },
      { path: 'evidence/keys.json', digest: await digestOf('keys') },
    ],
  });
  expect(receipt.receipt).toBe(await digestOf(written));
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
  'Manifest/manifest.json',
  'attestations/provenance.json',
  'artifacts/files/../../out.txt',
  'a\u0000b',
  '',
])('the path %j is refused before anything is written', async (path) => {
  const { packages, stage, deliver } = await depot();
  await expect(deliver(await stage({ [path]: 'bytes' }))).rejects.toMatchObject({ code: 'InputInvalid' });
  await expect(readdir(packages)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what is attested cannot take the place of a staged file, nor lie elsewhere', async () => {
  const { packages, stage, attest, record, deliver } = await depot();
  const staged = await stage({ 'a.txt': 'A' });
  for (const path of ['a.txt', '../out.txt', 'attestations/other.json', 'delivery.json'])
    await expect(deliver(staged, record, await attest({ [path]: 'bytes' }))).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  await expect(readdir(packages)).rejects.toMatchObject({ code: 'ENOENT' });
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}
