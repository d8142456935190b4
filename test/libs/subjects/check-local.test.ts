import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import type { Subject } from '../../../libs/contracts/subject.js';
import { captureSubject } from '../../../libs/subjects/capture-subject.js';
import { checkLocal } from '../../../libs/subjects/check-local.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';
import { git, repositoryOf } from './repository.js';

function prepared() {
  const base = temporaryFolder();
  const root = join(base, 'allowed');
  mkdirSync(join(root, 'work'), { recursive: true });
  writeFileSync(join(root, 'work/a.js'), '1');
  mkdirSync(join(base, 'elsewhere'));
  writeFileSync(join(base, 'elsewhere/secret'), 's');
  return { base, root };
}

const folder = (path: string): Subject => ({ kind: 'directory', path });
const repository = (url: string): Subject => ({ kind: 'git', url });

describe('a folder as a subject', () => {
  it('passes below a root, by its real path', async () => {
    const { root } = prepared();
    symlinkSync('work', join(root, 'link'));
    expect(await checkLocal(folder(join(root, 'link')), [root])).toEqual(folder(join(root, 'work')));
    expect(await checkLocal(folder(root), [root])).toEqual(folder(root));
  });

  it('is not allowed outside of every root, whether it exists or not', async () => {
    const { base, root } = prepared();
    symlinkSync(join(base, 'elsewhere'), join(root, 'out'));
    for (const path of ['elsewhere', 'nowhere', 'allowed/../elsewhere', 'allowed/out', 'allowed-too', '.']) {
      await expect(checkLocal(folder(`${base}/${path}`), [root])).rejects.toMatchObject({
        code: 'SubjectNotAllowed',
      });
    }
    await expect(checkLocal(folder(join(root, 'work')), [])).rejects.toMatchObject({
      code: 'SubjectNotAllowed',
    });
  });

  it('is unknown where it does not exist or is a file', async () => {
    const { root } = prepared();
    for (const path of ['missing', 'work/a.js', 'work/a.js/b'])
      await expect(checkLocal(folder(join(root, path)), [root])).rejects.toMatchObject({
        code: 'SubjectUnknown',
      });
  });

  it('is unknown where a file in it cannot be read', async () => {
    const { base, root } = prepared();
    writeFileSync(join(root, 'work/b'), '', { mode: 0o000 });
    chmodSync(base, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(checkLocal(folder(join(root, 'work')), [root])).rejects.toMatchObject({
        code: 'SubjectUnknown',
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('is refused where it is empty or holds a link that leads out', async () => {
    const { root } = prepared();
    mkdirSync(join(root, 'empty/.git'), { recursive: true });
    writeFileSync(join(root, 'empty/.git/HEAD'), '');
    await expect(checkLocal(folder(join(root, 'empty')), [root])).rejects.toMatchObject({
      code: 'SubjectInvalid',
    });
    symlinkSync('../../elsewhere/secret', join(root, 'work/out'));
    await expect(checkLocal(folder(join(root, 'work')), [root])).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ path: 'out', reason: 'The link leads out of the folder.' }],
    });
  });

  it('is captured without its .git and node_modules', async () => {
    const { base, root } = prepared();
    for (const name of ['.git', 'node_modules', 'sub/node_modules']) {
      mkdirSync(join(root, 'work', name), { recursive: true });
      writeFileSync(join(root, 'work', name, 'x'), '');
    }
    const store = openStore(join(base, 'store'));
    const subject = folder(join(root, 'work'));
    const captured = await captureSubject({ store, scratch: join(base, 'scratch'), subject, roots: [root] });
    expect(captured).toMatchObject({ subject, title: join(root, 'work'), snapshot: { files: 2 } });
    const { entries } = await readSnapshot(store, captured.snapshot);
    expect(entries.map(({ path }) => path)).toEqual(['a.js', 'sub/node_modules/x']);
  });
});

describe('a local repository as a subject', () => {
  it('passes below a root, with its files in it or without', async () => {
    const { root } = prepared();
    repositoryOf(join(root, 'r.git'), { a: '1' });
    git(root, 'clone', '--quiet', '--bare', 'r.git', 'bare.git');
    for (const name of ['r.git', 'bare.git'])
      expect(await checkLocal(repository(join(root, name)), [root])).toEqual(repository(join(root, name)));
  });

  it('is not allowed outside of every root', async () => {
    const { base, root } = prepared();
    repositoryOf(join(base, 'r.git'), { a: '1' });
    await expect(checkLocal(repository(join(base, 'r.git')), [root])).rejects.toMatchObject({
      code: 'SubjectNotAllowed',
    });
  });

  it('is refused where it takes objects from elsewhere', async () => {
    const { base, root } = prepared();
    repositoryOf(join(base, 'source.git'), { a: '1' });
    git(root, 'clone', '--quiet', '--shared', join(base, 'source.git'), 'shared.git');
    git(join(base, 'source.git'), 'worktree', 'add', '--quiet', join(root, 'tree.git'));
    git(root, 'init', '--quiet', 'partial.git');
    git(join(root, 'partial.git'), 'config', 'remote.origin.promisor', 'true');
    git(root, 'init', '--quiet', 'linked.git');
    symlinkSync(join(base, 'source.git/.git/objects'), join(root, 'linked.git/.git/objects/borrowed'));
    for (const name of ['shared.git', 'tree.git', 'partial.git', 'linked.git'])
      await expect(checkLocal(repository(join(root, name)), [root])).rejects.toMatchObject({
        code: 'SubjectInvalid',
      });
  });
});

describe('a subject from elsewhere', () => {
  it('passes', async () => {
    for (const subject of [
      { kind: 'npm', name: 'ejs', version: '1.0.0' },
      { kind: 'git', url: 'https://example.com/a.git' },
    ] as const)
      expect(await checkLocal(subject, [])).toEqual(subject);
  });
});
