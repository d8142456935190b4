import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { newSecrets } from '../../../libs/synthesis/new-secrets.js';
import { verifySnapshot } from '../../../libs/synthesis/verify-snapshot.js';

let folder: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-bytes-'));
  store = openStore(join(folder, 'store'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function taken(files: Record<string, string | Buffer>): Promise<SnapshotRef> {
  const workspace = await mkdtemp(join(folder, 'workspace-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(workspace, path, '..'), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  return snapshot(store, workspace);
}

const token = (end: string): string => `token = "ghp_${`wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0p${end}`}"\n`;

describe('verifying a snapshot', () => {
  it('reads and hashes every file again', async () => {
    const ref = await taken({ 'a.js': 'a', 'lib/b.js': 'b' });
    expect(await verifySnapshot(store, ref)).toEqual({
      ok: true,
      says: `${ref.digest}: 2 files, each read and hashed again.`,
    });
  });

  it('sees bytes that have changed and bytes that are gone', async () => {
    const ref = await taken({ 'a.js': 'something' });
    const { digest } = await store.put('something', 'text/plain');
    const name = digest.slice('sha256:'.length);
    const file = join(folder, 'store', 'sha256', name.slice(0, 2), name);
    await rm(file);
    await writeFile(file, 'sometHing');
    expect(await verifySnapshot(store, ref)).toMatchObject({
      ok: false,
      says: expect.stringContaining('ArtifactCorrupt'),
    });
    await rm(file);
    expect(await verifySnapshot(store, ref)).toMatchObject({
      ok: false,
      says: expect.stringContaining('ArtifactUnknown'),
    });
  });

  it('does not take a file for a workspace', async () => {
    const { digest } = await store.put('{}', 'application/json');
    expect(await verifySnapshot(store, { digest, files: 0, bytes: 0 })).toMatchObject({ ok: false });
  });
});

describe('secrets that a change brings in', () => {
  it('are none where only other text changed, and where secrets were there before', async () => {
    const before = await taken({ 'a.js': token('INUx'), 'b.js': 'b' });
    const after = await taken({ 'a.js': `// moved\n${token('INUx')}`, 'b.js': 'changed', 'c.js': 'new' });
    expect(await newSecrets(store, before.digest, after.digest)).toEqual({
      ok: true,
      says: '3 files that differ were scanned; none brings a secret in.',
    });
  });

  it('are seen in changed and in new files, by place and rule, never by value', async () => {
    const before = await taken({ 'a.js': token('INUx') });
    const after = await taken({ 'a.js': `x\n${token('OTHR')}`, 'new.js': token('THRD') });
    const { ok, says } = await newSecrets(store, before.digest, after.digest);
    expect({ ok, says }).toEqual({
      ok: false,
      says: expect.stringMatching(
        /^It brings in what looks like secrets: a\.js:2 \(github\/.*\), new\.js:1 \(github\/.*\)\.$/,
      ),
    });
    expect(says).not.toContain('ghp_');
  });

  it('are not taken for absent in a file that is too large to be scanned', async () => {
    const before = await taken({ 'a.js': 'a' });
    const after = await taken({ 'a.js': 'a', 'large.js': 'x'.repeat(1024 * 1024 + 1) });
    expect(await newSecrets(store, before.digest, after.digest)).toEqual({
      ok: false,
      says: 'Too large to be scanned for secrets: large.js.',
    });
  });

  it('are not looked for in binary files', async () => {
    const before = await taken({ 'a.js': 'a' });
    const after = await taken({
      'a.js': 'a',
      'image.bin': Buffer.concat([Buffer.from([0]), Buffer.from(token('INUx'))]),
    });
    expect((await newSecrets(store, before.digest, after.digest)).ok).toBe(true);
  });
});
