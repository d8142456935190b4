import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { ArtifactStore } from '../../../../libs/artifacts/artifact-store.js';
import { canonicalJson } from '../../../../libs/artifacts/canonical-json.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import type { NamedArtifact } from '../../../../libs/contracts/artifact.js';
import { packageManifestSchema } from '../../../../libs/contracts/phase.js';
import { decodeManifest } from '../../../../libs/packaging/manifest/decode-manifest.js';
import { makeManifest } from '../../../../libs/packaging/manifest/make-manifest.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { current, schemas } from './compiler.js';
import { manifestOf } from './manifest-of.js';

const { version: _version, files: _files, ...packaged } = manifestOf();

async function place() {
  const store = openStore(join(await temporaryFolder(), 'artifacts'));
  const file = async (name: string, content: Uint8Array | string): Promise<NamedArtifact> => ({
    name,
    ...(await store.put(content, 'application/octet-stream')),
  });
  return { store, file };
}

test('a manifest lists every file with both digests, sorted by path, in JSON and in Cap’n Proto', async () => {
  const { store, file } = await place();
  const large = randomBytes(3_000_000);
  const files = [await file('reports/a', 'a'), await file('README.md', ''), await file('Z/large', large)];
  const made = await makeManifest(store, packaged, files);
  expect(made.manifest).toEqual({
    version: 1,
    ...packaged,
    files: [
      {
        path: 'README.md',
        size: 0,
        sha256: createHash('sha256').digest('hex'),
        // What `fsverity digest` prints for an empty file.
        fsverity: '3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95',
      },
      {
        path: 'Z/large',
        size: large.length,
        sha256: createHash('sha256').update(large).digest('hex'),
        fsverity: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      {
        path: 'reports/a',
        size: 1,
        sha256: createHash('sha256').update('a').digest('hex'),
        fsverity: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ],
  });
  expect(await store.getJson(made.json.digest, packageManifestSchema)).toEqual(made.manifest);
  expect((await store.get(made.json.digest)).toString()).toBe(canonicalJson(made.manifest));
  expect(decodeManifest(await store.get(made.bin.digest))).toEqual(made.manifest);
  expect(await store.get(made.schema.digest)).toEqual(await readFile(join(schemas, current)));
});

test('the same files in another order have the same manifest', async () => {
  const { store, file } = await place();
  const files = [await file('b', 'b'), await file('a/c', 'c'), await file('a.b', 'd'), await file('ä', 'e')];
  const made = await makeManifest(store, packaged, files);
  expect(await makeManifest(store, packaged, files.toReversed())).toEqual(made);
});

test('a package may have no files, and two of the same bytes', async () => {
  const { store, file } = await place();
  expect((await makeManifest(store, packaged, [])).manifest.files).toEqual([]);
  const same = [await file('a', 'x'), await file('b', 'x')];
  const [a, b] = (await makeManifest(store, packaged, same)).manifest.files;
  expect({ ...a, path: 'b' }).toEqual(b);
});

test('bytes that are not those of their digest are not listed, even where the store gives them', async () => {
  const { store, file } = await place();
  const files = [await file('a', 'true bytes')];
  const lying: ArtifactStore = { ...store, stream: () => Readable.from([Buffer.from('other byte')]) };
  await expect(makeManifest(lying, packaged, files)).rejects.toMatchObject({ code: 'ArtifactCorrupt' });
});

test('a file that is not in the store has no manifest, nor one of another size, nor two of one path', async () => {
  const { store, file } = await place();
  const a = await file('a', 'a');
  const absent = { ...a, digest: `sha256:${'0'.repeat(64)}` } as const;
  await expect(makeManifest(store, packaged, [absent])).rejects.toMatchObject({ code: 'ArtifactUnknown' });
  await expect(makeManifest(store, packaged, [{ ...a, size: 2 }])).rejects.toMatchObject({
    code: 'InputInvalid',
    message: 'a has 1 bytes, not the 2 that are said of it.',
  });
  await expect(makeManifest(store, packaged, [a, a])).rejects.toMatchObject({ code: 'InputInvalid' });
});
