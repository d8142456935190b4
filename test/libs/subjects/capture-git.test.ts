import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { captureSubject } from '../../../libs/subjects/capture-subject.js';
import { parseSubject } from '../../../libs/subjects/parse-subject.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';
import { commit, git, repositoryOf } from './repository.js';

function prepared() {
  const base = temporaryFolder();
  const repository = join(base, 'work.git');
  const scratch = join(base, 'scratch');
  const store = openStore(join(base, 'store'));
  const capture = (text: string) =>
    captureSubject({ store, scratch, subject: parseSubject(text), roots: [base] });
  const filesOf = async (text: string) => {
    const { entries } = await readSnapshot(store, (await capture(text)).snapshot);
    const read = entries.map(async (entry) => {
      const content =
        entry.kind === 'link' ? `-> ${entry.target}` : (await store.get(entry.digest)).toString();
      return [entry.path, content] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  };
  return { base, repository, scratch, store, capture, filesOf };
}

describe('a repository', () => {
  it('is captured at the commit that its branch, tag or commit stands for', async () => {
    const { base, repository, scratch, capture, filesOf } = prepared();
    const first = repositoryOf(repository, { 'a.js': 'one\n' });
    git(repository, 'tag', '-a', '-m', 'first', 'v1');
    git(repository, 'checkout', '--quiet', '-b', 'feature/x');
    const second = commit(repository, { 'b/c.js': 'two\n' });
    git(repository, 'checkout', '--quiet', 'main');
    const third = commit(repository, { 'a.js': 'three\n' });
    expect(await capture(repository)).toMatchObject({ commit: third, title: repository });
    expect((await capture(`${repository}#v1`)).commit).toBe(first);
    expect((await capture(`file://${repository}#feature/x`)).commit).toBe(second);
    expect((await capture(`${repository}#${first}`)).commit).toBe(first);
    expect((await capture(`${repository}#${first.slice(0, 10)}`)).commit).toBe(first);
    expect(await filesOf(`${repository}#feature/x`)).toEqual({ 'a.js': 'one\n', 'b/c.js': 'two\n' });
    git(base, 'clone', '--quiet', '--bare', repository, 'bare.git');
    expect((await capture(join(base, 'bare.git'))).snapshot).toEqual((await capture(repository)).snapshot);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is captured as its files are stored, whatever its attributes say', async () => {
    const { repository, filesOf } = prepared();
    const files = {
      '.gitattributes':
        'hidden export-ignore\nexpanded export-subst ident\ncrlf text eol=crlf\nfiltered filter=evil\nu working-tree-encoding=UTF-16\n',
      hidden: 'h\n',
      expanded: '$Format:%H$ $Id$\n',
      crlf: 'a\nb\n',
      filtered: 'f\n',
    };
    repositoryOf(repository, files);
    expect(await filesOf(repository)).toEqual(files);
  });

  it('keeps executable bits and links', async () => {
    const { repository, store, capture } = prepared();
    repositoryOf(repository, { 'run.sh': '#!/bin/sh\n' });
    chmodSync(join(repository, 'run.sh'), 0o755);
    symlinkSync('run.sh', join(repository, 'link'));
    commit(repository, {});
    const { entries } = await readSnapshot(store, (await capture(repository)).snapshot);
    expect(entries).toMatchObject([
      { path: 'link', kind: 'link', target: 'run.sh' },
      { path: 'run.sh', kind: 'file', executable: true },
    ]);
  });

  it('runs nothing that it brings: hooks, filters, programs in its configuration', async () => {
    const { base, repository, capture } = prepared();
    repositoryOf(repository, { 'a.js': 'one\n', '.gitattributes': '* filter=evil diff=evil\n' });
    const witness = join(base, 'witness');
    const program = join(base, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch ${witness}\ncat\n`, { mode: 0o755 });
    for (const hook of ['post-checkout', 'reference-transaction', 'pre-auto-gc', 'post-upload-pack'])
      writeFileSync(join(repository, '.git/hooks', hook), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
    for (const name of [
      'uploadpack.packObjectsHook',
      'core.fsmonitor',
      'core.alternateRefsCommand',
      'core.sshCommand',
      'core.gitProxy',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'tar.tar.command',
    ])
      git(repository, 'config', name, program);
    expect(await capture(repository)).toMatchObject({ snapshot: { files: 2 } });
    expect(existsSync(witness)).toBe(false);
  });

  it('asks no other repository that the environment names', async () => {
    const { base, repository, capture } = prepared();
    const wanted = repositoryOf(repository, { 'a.js': 'one\n' });
    repositoryOf(join(base, 'other'), { 'b.js': 'two\n' });
    vi.stubEnv('GIT_DIR', join(base, 'other/.git'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await capture(repository)).commit).toBe(wanted);
    expect(existsSync(join(base, 'other/.git/FETCH_HEAD'))).toBe(false);
  });

  it('leaves submodules out', async () => {
    const { base, repository, filesOf } = prepared();
    repositoryOf(join(base, 'inner'), { 'secret.js': 's\n' });
    repositoryOf(repository, { 'a.js': 'one\n' });
    git(
      repository,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(base, 'inner'),
      'sub',
    );
    commit(repository, {});
    expect(Object.keys(await filesOf(repository)).sort()).toEqual(['.gitmodules', 'a.js']);
  });

  it('is unknown where it has no such branch, no commit, or is none', async () => {
    const { base, repository, scratch, capture } = prepared();
    repositoryOf(repository, { 'a.js': 'one\n' });
    await expect(capture(`${repository}#nothing`)).rejects.toMatchObject({ code: 'SubjectUnknown' });
    await expect(capture(`${repository}#${'0'.repeat(40)}`)).rejects.toMatchObject({
      code: 'SubjectUnknown',
    });
    await expect(capture(`${repository}#abcdef0`)).rejects.toMatchObject({ code: 'SubjectUnknown' });
    git(base, 'init', '--quiet', '--bare', 'empty.git');
    await expect(capture(join(base, 'empty.git'))).rejects.toMatchObject({ code: 'SubjectUnknown' });
    git(base, 'init', '--quiet', '--bare', 'none.git');
    writeFileSync(join(base, 'none.git/HEAD'), 'nonsense');
    await expect(capture(join(base, 'none.git'))).rejects.toMatchObject({ code: 'SubjectUnknown' });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is refused where a link in it leads out, or it holds a .git', async () => {
    const { base, repository, scratch, capture } = prepared();
    repositoryOf(repository, { 'a.js': 'one\n' });
    symlinkSync('/etc/passwd', join(repository, 'link'));
    commit(repository, {});
    await expect(capture(repository)).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ path: 'link', reason: expect.stringContaining('absolute') }],
    });
    const other = join(base, 'evil.git');
    repositoryOf(other, { 'a.js': 'one\n' });
    const blob = git(other, 'hash-object', '-w', 'a.js');
    const inner = gitTree(other, `100644 blob ${blob}\tconfig`);
    const tree = gitTree(other, `040000 tree ${inner}\t.GIT`);
    git(other, 'update-ref', 'refs/heads/main', git(other, 'commit-tree', '-m', 'evil', tree));
    await expect(capture(other)).rejects.toMatchObject({
      code: 'SubjectInvalid',
      message: expect.stringContaining("invalid path '.GIT/config'"),
    });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('can be tried again later where its host cannot be reached', async () => {
    const { scratch, capture } = prepared();
    await expect(capture('https://127.0.0.1:9/a.git')).rejects.toMatchObject({
      code: 'DependencyUnreachable',
    });
    expect(readdirSync(scratch)).toEqual([]);
  });
});

function gitTree(folder: string, line: string): string {
  writeFileSync(join(folder, '../tree'), `${line}\n`);
  return git(folder, '-c', `alias.tree=!git mktree < ${join(folder, '../tree')}`, 'tree');
}
