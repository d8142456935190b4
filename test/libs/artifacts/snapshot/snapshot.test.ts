import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArtifactStore } from '../../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { difference } from '../../../../libs/artifacts/snapshot/difference.js';
import { materialise } from '../../../../libs/artifacts/snapshot/materialise.js';
import { readSnapshot } from '../../../../libs/artifacts/snapshot/read-snapshot.js';
import { snapshot } from '../../../../libs/artifacts/snapshot/snapshot.js';
import type { SnapshotEntry } from '../../../../libs/contracts/subject.js';
import { temporaryFolder } from '../temporary-folder.js';

function prepared() {
  const base = temporaryFolder();
  const folder = join(base, 'work');
  mkdirSync(folder);
  return { base, folder, target: join(base, 'copy'), store: openStore(join(base, 'store')) };
}

/** Files and links of a folder, as a person would compare them. */
function contentOf(folder: string, path = ''): Record<string, string> {
  const content: Record<string, string> = {};
  for (const name of readdirSync(join(folder, path))) {
    const below = path === '' ? name : `${path}/${name}`;
    const seen = lstatSync(join(folder, below));
    if (seen.isDirectory()) Object.assign(content, contentOf(folder, below));
    else if (seen.isSymbolicLink()) content[below] = `link to ${readlinkSync(join(folder, below))}`;
    else content[below] = `${seen.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(folder, below), 'base64')}`;
  }
  return content;
}

/** A store that lets a test act in the middle of a capture. */
function interrupted(store: ArtifactStore, act: () => void): ArtifactStore {
  let acted = false;
  return Object.assign(Object.create(store) as ArtifactStore, {
    batch: ((work) =>
      store.batch((writer) =>
        work({
          putJson: writer.putJson,
          put: async (content, mediaType) => {
            const ref = await writer.put(content, mediaType);
            if (!acted) act();
            acted = true;
            return ref;
          },
        }),
      )) satisfies ArtifactStore['batch'],
  });
}

describe('a snapshot', () => {
  it('comes back as the same folder', async () => {
    const { folder, target, store } = prepared();
    mkdirSync(join(folder, 'src/deep'), { recursive: true });
    writeFileSync(join(folder, 'src/deep/a b.js'), 'a');
    writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(2_500_000, 'x'));
    writeFileSync(join(folder, 'empty'), '');
    symlinkSync('../run.sh', join(folder, 'src/link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    const ref = await snapshot(store, folder);
    expect(ref).toMatchObject({ files: 4, bytes: 2_500_011 });
    await materialise(store, ref, target);
    expect(contentOf(target)).toEqual(contentOf(folder));
    expect(lstatSync(join(target, 'run.sh')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(target, 'empty')).mode & 0o777).toBe(0o644);
    expect(lstatSync(join(target, 'src')).mode & 0o777).toBe(0o755);
  });

  it('depends on content alone, not on times or the order of writing', async () => {
    const { base, folder, store } = prepared();
    const other = join(base, 'other');
    mkdirSync(other);
    for (const name of ['b', 'a', 'B', 'ä']) writeFileSync(join(folder, name), name);
    for (const name of ['ä', 'B', 'a', 'b']) writeFileSync(join(other, name), name);
    utimesSync(join(other, 'a'), new Date(0), new Date(0));
    const ref = await snapshot(store, folder);
    expect(await snapshot(store, other)).toEqual(ref);
    const { entries } = await readSnapshot(store, ref);
    expect(entries.map(({ path }) => path)).toEqual(['B', 'a', 'b', 'ä']);
    chmodSync(join(other, 'a'), 0o755);
    expect((await snapshot(store, other)).digest).not.toBe(ref.digest);
  });

  it('is the same again when taken of what was written out, for any tree', async () => {
    const segment = fc
      .stringMatching(/^[a-zA-Z0-9 ._'"\\é~-]{1,12}$/)
      .filter((name) => !/^\.\.?$/.test(name));
    const file = fc.record({ content: fc.uint8Array({ maxLength: 50 }), executable: fc.boolean() });
    const tree: fc.Arbitrary<[string, { content: Uint8Array; executable: boolean }][]> = fc.uniqueArray(
      fc.tuple(
        fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
        file,
      ),
      { minLength: 1, maxLength: 8, selector: ([path]) => path },
    );
    const base = temporaryFolder();
    const store = openStore(join(base, 'store'));
    await fc.assert(
      fc.asyncProperty(tree, async (files) => {
        const folder = join(base, 'work');
        const target = join(base, 'copy');
        try {
          for (const [path, { content, executable }] of files) {
            try {
              mkdirSync(join(folder, path, '..'), { recursive: true });
              writeFileSync(join(folder, path), content, { mode: executable ? 0o755 : 0o644 });
            } catch {
              // A path that needs a folder where another one has a file is not part of the tree.
            }
          }
          const ref = await snapshot(store, folder);
          await materialise(store, ref, target);
          expect(contentOf(target)).toEqual(contentOf(folder));
          expect(await snapshot(store, target)).toEqual(ref);
        } finally {
          rmSync(folder, { recursive: true, force: true });
          rmSync(target, { recursive: true, force: true });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('passes over names in the root that it is told to ignore', async () => {
    const { folder, store } = prepared();
    mkdirSync(join(folder, 'src/node_modules'), { recursive: true });
    writeFileSync(join(folder, 'src/node_modules/kept'), '');
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git/config'), '');
    symlinkSync('/etc', join(folder, 'node_modules'));
    const ref = await snapshot(store, folder, { ignore: ['.git', 'node_modules'] });
    const { entries } = await readSnapshot(store, ref);
    expect(entries.map(({ path }) => path)).toEqual(['src/node_modules/kept']);
  });

  it('refuses what cannot be captured and lists every problem', async () => {
    const { folder, store } = prepared();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'fine'), 'x');
    symlinkSync('/etc/passwd', join(folder, 'absolute'));
    symlinkSync('../../outside', join(folder, 'sub/up'));
    symlinkSync('.', join(folder, 'here'));
    symlinkSync('here/..', join(folder, 'chained'));
    writeFileSync(join(folder, 'sub/a\nb'), '');
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'bad-')), Buffer.from([0xff])]), '');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const failure = await snapshot(store, folder).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SubjectInvalid' });
    const { problems } = failure as { problems: { path: string; reason: string }[] };
    expect(new Map(problems.map(({ path, reason }) => [path, reason]))).toEqual(
      new Map([
        ['absolute', 'The link is absolute, so it leads out of the folder.'],
        ['sub/up', 'The link leads out of the folder.'],
        ['chained', expect.stringContaining('after it went through another link')],
        ['sub/a\\u000ab', 'The name contains a control character.'],
        ['bad-\ufffd', 'The name is not valid UTF-8.'],
        ['pipe', expect.stringContaining('a named pipe')],
        ['socket', expect.stringContaining('a socket')],
      ]),
    );
  });

  it('refuses an empty folder unless that is allowed', async () => {
    const { folder, store } = prepared();
    mkdirSync(join(folder, 'only/folders'), { recursive: true });
    await expect(snapshot(store, folder)).rejects.toMatchObject({ code: 'SubjectInvalid' });
    expect(await snapshot(store, folder, { allowEmpty: true })).toMatchObject({ files: 0, bytes: 0 });
  });

  it('refuses a folder that does not exist, is a file, or is a link', async () => {
    const { base, folder, store } = prepared();
    writeFileSync(join(base, 'file'), '');
    symlinkSync(folder, join(base, 'link'));
    for (const name of ['missing', 'file', 'link']) {
      await expect(snapshot(store, join(base, name))).rejects.toMatchObject({ code: 'SubjectUnknown' });
    }
  });

  it('refuses more files or bytes than the limits, without reading them', async () => {
    const { folder, store } = prepared();
    writeFileSync(join(folder, 'a'), '');
    truncateSync(join(folder, 'a'), 2 ** 40);
    await expect(snapshot(store, folder)).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ path: 'a', reason: expect.stringContaining('bytes') }],
    });
    truncateSync(join(folder, 'a'), 1);
    for (const name of ['b', 'c', 'd']) writeFileSync(join(folder, name), '');
    await expect(snapshot(store, folder, { limits: { files: 3, bytes: 10 } })).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ reason: expect.stringContaining('more than 3 files') }],
    });
  });

  it('refuses folders within folders without end', async () => {
    const { folder, store } = prepared();
    mkdirSync(join(folder, 'd/'.repeat(120)), { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    await expect(snapshot(store, folder)).rejects.toMatchObject({ code: 'SubjectInvalid' });
  });

  it.each([
    ['a file grows', (folder: string) => writeFileSync(join(folder, 'a'), 'longer than before')],
    ['a file is written with the same size', (folder: string) => writeFileSync(join(folder, 'a'), 'b')],
    ['a file is added', (folder: string) => writeFileSync(join(folder, 'sub/new'), '')],
    ['a file is removed', (folder: string) => rmSync(join(folder, 'sub/z'))],
    [
      'a link is turned',
      (folder: string) => {
        rmSync(join(folder, 'link'));
        symlinkSync('sub', join(folder, 'link'));
      },
    ],
    [
      'a folder becomes a link',
      (folder: string) => {
        rmSync(join(folder, 'sub'), { recursive: true });
        symlinkSync('/etc', join(folder, 'sub'));
      },
    ],
  ])('is refused as unstable when %s meanwhile', async (_, act) => {
    const { folder, store } = prepared();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'a'), 'a');
    writeFileSync(join(folder, 'sub/z'), 'z');
    symlinkSync('a', join(folder, 'link'));
    const capture = snapshot(
      interrupted(store, () => act(folder)),
      folder,
    );
    await expect(capture).rejects.toMatchObject({ code: 'SubjectUnstable' });
  });

  it('says which file may not be read', async () => {
    const { base, folder, store } = prepared();
    writeFileSync(join(folder, 'secret'), '', { mode: 0o000 });
    chmodSync(base, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(snapshot(store, folder)).rejects.toMatchObject({
        code: 'SubjectUnknown',
        message: expect.stringContaining('secret'),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('stops when it is cancelled', async () => {
    const { folder, store } = prepared();
    writeFileSync(join(folder, 'a'), 'a');
    await expect(
      snapshot(store, folder, { signal: AbortSignal.abort(new Error('cancelled')) }),
    ).rejects.toThrow('cancelled');
  });
});

describe('a workspace that is written out', () => {
  it('is copied: writing to it changes nothing in the store', async () => {
    const { folder, target, store } = prepared();
    writeFileSync(join(folder, 'a'), 'before');
    const ref = await snapshot(store, folder);
    await materialise(store, ref, target);
    writeFileSync(join(target, 'a'), 'after');
    await materialise(store, ref, `${target}-2`);
    expect(readFileSync(join(`${target}-2`, 'a'), 'utf8')).toBe('before');
  });

  it('is refused, and leaves nothing, where a file is missing in the store', async () => {
    const { base, folder, target, store } = prepared();
    writeFileSync(join(folder, 'a'), 'a');
    const ref = await snapshot(store, folder);
    const [entry] = (await readSnapshot(store, ref)).entries;
    if (entry?.kind !== 'file') throw new Error('expected a file');
    await store.remove(entry.digest, new Date(Date.now() + 1000));
    await expect(materialise(store, ref, target)).rejects.toMatchObject({ code: 'ArtifactUnknown' });
    expect(readdirSync(base).sort()).toEqual(['store', 'work']);
  });

  it('is not mixed with what is there', async () => {
    const { folder, store } = prepared();
    writeFileSync(join(folder, 'a'), 'a');
    const ref = await snapshot(store, folder);
    await expect(materialise(store, ref, folder)).rejects.toMatchObject({ code: 'InputInvalid' });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('a');
  });

  const digest = `sha256:${'0'.repeat(64)}` as const;
  const file = (path: string): SnapshotEntry => ({ kind: 'file', path, executable: false, size: 0, digest });
  const link = (path: string, target: string): SnapshotEntry => ({ kind: 'link', path, target });

  it.each<[string, SnapshotEntry[]]>([
    ['a path that goes up', [file('../evil')]],
    ['a path that goes up inside', [file('a/../../evil')]],
    ['an absolute path', [file('/evil')]],
    ['an empty segment', [file('a//b')]],
    ['a control character', [file('a\u001b[2J')]],
    ['a lone surrogate', [file('a\ud800')]],
    ['a path twice', [file('a'), file('a')]],
    ['paths out of order', [file('b'), file('a')]],
    ['a file below a file', [file('a'), file('a/b')]],
    ['a file below a link', [link('a', 'b'), file('a/evil')]],
    ['a link out', [link('a', '/etc')]],
    ['links that lead out together', [link('p', '.'), link('q', 'p/..')]],
  ])('is refused where its manifest has %s', async (_, entries) => {
    const { target, store } = prepared();
    const { digest: manifest } = await store.put(JSON.stringify({ version: 1, entries }), 'x/y');
    const ref = { digest: manifest, files: entries.filter(({ kind }) => kind === 'file').length, bytes: 0 };
    await expect(materialise(store, ref, target)).rejects.toMatchObject({ code: 'SubjectInvalid' });
  });

  it('is refused where the reference counts otherwise than the manifest', async () => {
    const { folder, target, store } = prepared();
    writeFileSync(join(folder, 'a'), 'a');
    const ref = await snapshot(store, folder);
    await expect(materialise(store, { ...ref, bytes: 2 }, target)).rejects.toMatchObject({
      code: 'SubjectInvalid',
    });
  });
});

describe('the difference of two workspaces', () => {
  it('names what was added, changed and removed', async () => {
    const { folder, store } = prepared();
    for (const name of ['same', 'bytes', 'mode', 'gone', 'kind']) writeFileSync(join(folder, name), name);
    const before = await readSnapshot(store, await snapshot(store, folder));
    writeFileSync(join(folder, 'bytes'), 'other');
    chmodSync(join(folder, 'mode'), 0o755);
    rmSync(join(folder, 'gone'));
    rmSync(join(folder, 'kind'));
    symlinkSync('same', join(folder, 'kind'));
    writeFileSync(join(folder, 'new'), '');
    const after = await readSnapshot(store, await snapshot(store, folder));
    expect(difference(before, after)).toEqual({
      added: ['new'],
      changed: ['bytes', 'kind', 'mode'],
      removed: ['gone'],
    });
  });
});
