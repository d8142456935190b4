import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { FolderLimits } from '../../../libs/artifacts/snapshot/walk-folder.js';
import { writeSnapshot } from '../../../libs/artifacts/snapshot/write-snapshot.js';
import { readArchive } from '../../../libs/subjects/read-archive.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';

interface Entry {
  readonly path: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'Directory';
  readonly linkpath?: string;
  readonly mode?: number;
  readonly content?: string;
}

/** A tar archive as no honest program writes it. */
function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath = '', mode = 0o644, content = '' }) => {
    const bytes = Buffer.from(content);
    const block = Buffer.alloc(512);
    new Header({ path, type, linkpath, mode, size: bytes.length, mtime: new Date(0) }).encode(block);
    return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function read(archive: Buffer, more: { limits?: FolderLimits; strip?: number } = {}) {
  const folder = temporaryFolder();
  const path = join(folder, 'archive');
  writeFileSync(path, archive);
  const store = openStore(join(folder, 'store'));
  const entries = await readArchive(path, store, { strip: 1, what: 'The archive', ...more });
  return { ref: await writeSnapshot(store, entries, 'The archive'), entries, folder, store };
}

describe('an archive', () => {
  it('gives its files without the leading folder, with their modes, links too', async () => {
    const large = 'large '.repeat(400_000);
    const archive = tarOf([
      { path: 'package/', type: 'Directory' },
      { path: 'package/run.sh', mode: 0o755, content: 'echo' },
      { path: 'package/large', content: large },
      { path: 'other/deep/a', content: 'a' },
      { path: 'package/link', type: 'SymbolicLink', linkpath: 'deep/a' },
    ]);
    for (const bytes of [archive, gzipSync(archive)]) {
      const { entries, ref, folder } = await read(bytes);
      expect(ref).toMatchObject({ files: 3, bytes: large.length + 5 });
      expect(new Map(entries.map((entry) => [entry.path, entry]))).toMatchObject(
        new Map<string, object>([
          ['run.sh', { executable: true, size: 4 }],
          [
            'large',
            { executable: false, digest: `sha256:${createHash('sha256').update(large).digest('hex')}` },
          ],
          ['deep/a', { executable: false }],
          ['link', { kind: 'link', target: 'deep/a' }],
        ]),
      );
      expect(readdirSync(folder).sort()).toEqual(['archive', 'store']);
    }
  });

  it('gives the last of two files with one path', async () => {
    const { entries, store } = await read(
      tarOf([
        { path: 'p/a', content: '1' },
        { path: 'q/a', content: '2' },
      ]),
    );
    const [only] = entries;
    if (only?.kind !== 'file' || entries.length !== 1) throw new Error('expected one file');
    expect((await store.get(only.digest)).toString()).toBe('2');
  });

  it.each<[string, string, Buffer]>([
    ['goes up', 'The path contains "..".', tarOf([{ path: 'package/../../evil' }])],
    ['goes up in the part that is left out', 'The path contains "..".', tarOf([{ path: '../evil' }])],
    ['is absolute', 'The path is absolute.', tarOf([{ path: '/evil' }])],
    [
      'leads out',
      'The link leads out',
      tarOf([{ path: 'p/link', type: 'SymbolicLink', linkpath: '../etc' }]),
    ],
    [
      'leads to the root',
      'The link is absolute',
      tarOf([{ path: 'p/link', type: 'SymbolicLink', linkpath: '/etc' }]),
    ],
    [
      'lies behind a link',
      'also a file or a link',
      tarOf([{ path: 'p/link', type: 'SymbolicLink', linkpath: 'x' }, { path: 'p/link/evil' }]),
    ],
    [
      'is a hard link',
      'of the kind Link',
      tarOf([{ path: 'p/a', type: 'Link', linkpath: 'p/x' }, { path: 'p/b' }]),
    ],
    ['is a device', 'of the kind CharacterDevice', tarOf([{ path: 'p/null', type: 'CharacterDevice' }])],
    ['has a control character', 'control character', tarOf([{ path: 'p/a\u001bb' }])],
    ['is missing', 'holds no file', tarOf([{ path: 'package/', type: 'Directory' }])],
    ['is damaged', 'The archive is damaged', gzipSync(Buffer.alloc(2048, 'x'))],
    [
      'is cut short',
      'The archive is damaged',
      tarOf([{ path: 'p/a', content: 'x'.repeat(2000) }]).subarray(0, 1024),
    ],
    ['is no archive', 'The archive is damaged', Buffer.alloc(2048, 'x')],
  ])('is refused where an entry %s', async (_, reason, archive) => {
    await expect(read(archive)).rejects.toMatchObject({
      code: 'SubjectInvalid',
      message: expect.stringContaining(reason),
    });
  });

  it('is refused where it is larger than allowed, before all of it is read', async () => {
    const many = tarOf(Array.from({ length: 2000 }, (_, n) => ({ path: `p/${n}`, content: 'x' })));
    await expect(read(many, { limits: { files: 10, bytes: 1e9 } })).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ reason: 'It has more than 10 entries.' }],
    });
    const bomb = gzipSync(tarOf([{ path: 'p/bomb', content: '\0'.repeat(30_000_000) }, { path: 'p/b' }]));
    await expect(read(bomb, { limits: { files: 10, bytes: 1e6 } })).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ reason: 'Its files have more than 1000000 bytes.' }],
    });
  });
});
