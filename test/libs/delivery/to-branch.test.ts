import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { Target } from '../../../libs/contracts/delivery.js';
import { phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import { stagedPackageSchema } from '../../../libs/contracts/phase.js';
import { deliveryPrefix } from '../../../libs/delivery/delivery.js';
import type { ToDeliver } from '../../../libs/packaging/package-contents.js';
import { packageContents } from '../../../libs/packaging/package-contents.js';
import { type SmallPackage, smallPackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { commit, git, repositoryOf } from '../subjects/repository.js';

const notes = ['notes', '--ref=refs/notes/heptad'];
const target = (url: string, changes: object = {}): Target => ({
  kind: 'git',
  url,
  branch: 'heptad/review',
  ...changes,
});

/** A bare repository, with one commit on `main` where there are files. */
async function remote(files?: Readonly<Record<string, string>>) {
  const root = await temporaryFolder();
  const url = join(root, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', url]);
  if (files) {
    const work = join(root, 'work');
    repositoryOf(work, files);
    git(work, 'push', '--quiet', url, 'HEAD:refs/heads/main');
  }
  const clone = (branch: string): string => {
    const folder = join(root, `clone-${branch.replaceAll('/', '-')}`);
    git(root, 'clone', '--quiet', '--branch', branch, url, folder);
    return folder;
  };
  return { root, url, roots: [root], clone };
}

/** The package with another workspace. */
async function withWorkspace(
  { small, given }: SmallPackage,
  make: (folder: string) => Promise<void>,
): Promise<ToDeliver> {
  const folder = await mkdtemp(join(small.folder, 'workspace-'));
  await make(folder);
  const staged = await small.store.getJson(given.staged.digest, stagedPackageSchema);
  const workspace = await snapshot(small.store, folder);
  return { ...given, staged: await small.store.putJson({ ...staged, workspace }) };
}

describe('a package that goes to a git branch', () => {
  test('is one commit on an empty repository, with the attestations in its note', async () => {
    const { small, given, deliver, scratch } = await smallPackage();
    const { url, roots, clone } = await remote();
    const receipt = await deliver(target(url), { roots });
    expect(receipt).toMatchObject({ location: `${url}#heptad/review` });
    expect(git(url, 'log', '--format=%H %P', 'heptad/review')).toBe(receipt.written);
    const record = await small.store.getJson(given.record.digest, phaseRecordSchema);
    const seconds = Math.floor(Date.parse(record.timings.endedAt) / 1000);
    expect(git(url, 'log', '-1', '--format=%an %cn %at %ct', 'heptad/review')).toBe(
      `Heptad Heptad ${seconds} ${seconds}`,
    );
    const { decision } = small.judgement;
    expect(git(url, 'log', '-1', '--format=%s', 'heptad/review')).toBe(
      `Heptad run ${given.run}: ${decision}`,
    );
    const work = clone('heptad/review');
    expect(await readFile(join(work, 'docs/read me.md'), 'utf8')).toBe('How to use it.\n');
    expect(await readFile(join(work, 'logo.bin'))).toEqual(Buffer.from([0, 1, 2, 255]));
    const { files } = await packageContents(small.store, given);
    const envelopes = files.filter(({ path }) => path.startsWith('attestations/'));
    const lines = git(url, ...notes, 'show', receipt.written).split('\n');
    expect(lines).toEqual(
      await Promise.all(envelopes.map(async ({ digest }) => (await small.store.get(digest)).toString())),
    );
    expect(lines).toHaveLength(3);
    expect(await readdir(scratch)).toEqual([]);
  });

  test('goes on from the head of the branch, and removes what the delivered workspace has not', async () => {
    const { deliver } = await smallPackage();
    const { url, roots } = await remote({ 'old.txt': 'old' });
    const head = git(url, 'rev-parse', 'main');
    const { written } = await deliver(target(url, { branch: 'main' }), { roots });
    expect(git(url, 'rev-parse', 'main', 'main^')).toBe(`${written}\n${head}`);
    expect(git(url, 'ls-tree', '-r', '--name-only', 'main').split('\n')).not.toContain('old.txt');
  });

  test('goes on from the base where the branch is new, else from HEAD', async () => {
    const { deliver } = await smallPackage();
    const { root, url, roots } = await remote({ a: '1' });
    const work = join(root, 'work');
    const first = git(url, 'rev-parse', 'main');
    const second = commit(work, { a: '2' });
    git(work, 'push', '--quiet', url, 'HEAD:refs/heads/next');
    git(work, 'tag', '--annotate', '--message=t', 'v1');
    git(work, 'push', '--quiet', url, 'v1');
    const parentOn = async (branch: string, changes: object): Promise<string> => {
      await deliver(target(url, { branch, ...changes }), { roots });
      return git(url, 'rev-parse', `${branch}^`);
    };
    expect(await parentOn('from-head', {})).toBe(first);
    expect(await parentOn('from-branch', { base: 'next' })).toBe(second);
    expect(await parentOn('from-tag', { base: 'v1' })).toBe(second);
    expect(await parentOn('from-commit', { base: first })).toBe(first);
    await expect(deliver(target(url, { base: 'nowhere' }), { roots })).rejects.toMatchObject({
      code: 'DeliveryRefused',
      message: expect.stringContaining('nowhere'),
    });
  });

  test('is the same commit when it is delivered again elsewhere, and the same note on two branches', async () => {
    const { deliver } = await smallPackage();
    const [one, two] = [await remote(), await remote()];
    const first = await deliver(target(one.url), { roots: one.roots });
    const second = await deliver(target(two.url), { roots: two.roots });
    expect(second.written).toBe(first.written);
    const { written } = await deliver(target(two.url, { branch: 'other', base: 'heptad/review' }), {
      roots: two.roots,
    });
    expect(git(two.url, ...notes, 'list').split('\n')).toHaveLength(2);
    expect(git(two.url, 'rev-parse', 'other^', 'other')).toBe(`${first.written}\n${written}`);
  });

  test('is not delivered a second time, also after others went on from it', async () => {
    const { deliver } = await smallPackage();
    const { url, roots, clone } = await remote({ a: '1' });
    const first = await deliver(target(url), { roots });
    expect(await deliver(target(url), { roots })).toEqual(first);
    const work = clone('heptad/review');
    const later = commit(work, { 'more.txt': 'more' });
    git(work, 'push', '--quiet');
    expect(await deliver(target(url), { roots })).toEqual(first);
    expect(git(url, 'rev-parse', 'heptad/review')).toBe(later);
    expect(git(url, 'rev-list', '--count', 'heptad/review')).toBe('3');
  });

  test('is known by an attempt that was killed after its push, and goes on where it was killed before', async () => {
    const { small, given, deliver } = await smallPackage();
    const { url, roots } = await remote({ a: '1' });
    const { written } = await deliver(target(url), { roots });
    const [entry = ''] = await small.store.entries.list(deliveryPrefix(given.run));
    const memory = (await small.store.entries.get(entry)) ?? '';
    // As after a push that never arrived: what is remembered is there, the commit is not.
    git(url, 'update-ref', '-d', 'refs/heads/heptad/review');
    git(url, 'update-ref', '-d', 'refs/notes/heptad');
    expect((await deliver(target(url), { roots })).written).toBe(written);
    expect(await small.store.entries.get(entry)).toEqual(memory);
    expect(git(url, ...notes, 'list').split('\n')).toHaveLength(1);
  });

  test('goes on from what others pushed after an attempt that did not arrive', async () => {
    const { deliver } = await smallPackage();
    const { root, url, roots } = await remote({ a: '1' });
    const { written } = await deliver(target(url, { branch: 'main' }), { roots });
    git(url, 'update-ref', 'refs/heads/main', git(url, 'rev-parse', 'main^'));
    git(url, 'update-ref', '-d', 'refs/notes/heptad');
    const theirs = commit(join(root, 'work'), { b: '2' });
    git(join(root, 'work'), 'push', '--quiet', url, 'HEAD:main');
    const again = await deliver(target(url, { branch: 'main' }), { roots });
    expect(again.written).not.toBe(written);
    expect(git(url, 'rev-parse', 'main', 'main^')).toBe(`${again.written}\n${theirs}`);
  });

  test('keeps bytes, links and executable bits whatever attributes and ignore files say', async () => {
    const made = await smallPackage();
    const { url, roots, clone } = await remote();
    const given = await withWorkspace(made, async (folder) => {
      await mkdir(join(folder, 'bin'));
      await writeFile(join(folder, '.gitattributes'), '* text=auto eol=lf\n*.id ident\n*.x filter=lfs\n');
      await writeFile(join(folder, '.gitignore'), 'ignored.txt\n');
      await writeFile(join(folder, 'ignored.txt'), 'ignored');
      await writeFile(join(folder, 'windows.txt'), 'a\r\nb\r\n');
      await writeFile(join(folder, 'data.x'), 'x');
      await writeFile(join(folder, 'bin/run'), '#!/bin/sh\n');
      await chmod(join(folder, 'bin/run'), 0o755);
      await symlink('bin/run', join(folder, 'link'));
    });
    await made.deliver(target(url), { roots, given });
    expect(git(url, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'heptad/review').split('\n')).toEqual([
      '100644 .gitattributes',
      '100644 .gitignore',
      '100755 bin/run',
      '100644 data.x',
      '100644 ignored.txt',
      '120000 link',
      '100644 windows.txt',
    ]);
    expect(git(url, 'cat-file', '-p', 'heptad/review:windows.txt')).toBe('a\r\nb');
    expect(git(url, 'cat-file', '-p', 'heptad/review:link')).toBe('bin/run');
    expect(clone('heptad/review')).toBeTruthy();
  });

  test('is refused where a commit cannot hold a path of the workspace', async () => {
    const made = await smallPackage();
    const { url, roots } = await remote();
    const given = await withWorkspace(made, async (folder) => {
      await mkdir(join(folder, 'inner/.git'), { recursive: true });
      await writeFile(join(folder, 'inner/.git/config'), 'x');
    });
    await expect(made.deliver(target(url), { roots, given })).rejects.toMatchObject({
      code: 'DeliveryRefused',
      message: expect.stringContaining('inner/.git/config'),
    });
    expect(git(url, 'for-each-ref')).toBe('');
  });

  test('runs nothing that the repository brings', async () => {
    const { deliver } = await smallPackage();
    const { root, url, roots } = await remote({ a: '1' });
    for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction']) {
      await writeFile(join(url, 'hooks', hook), `#!/bin/sh\ntouch ${root}/ran-${hook}\n`);
      await chmod(join(url, 'hooks', hook), 0o755);
    }
    await deliver(target(url), { roots });
    expect((await readdir(root)).filter((name) => name.startsWith('ran-'))).toEqual([]);
  });

  test('is refused by a checked-out branch, by what is no repository, and outside of the roots', async () => {
    const { deliver } = await smallPackage();
    const { root, roots } = await remote();
    const work = join(root, 'checked-out');
    repositoryOf(work, { a: '1' });
    const head = git(work, 'rev-parse', 'HEAD');
    const branch = git(work, 'rev-parse', '--abbrev-ref', 'HEAD');
    const refused = (url: string, changes: object = {}) =>
      expect(deliver(target(url, changes), { roots })).rejects.toMatchObject({ code: 'DeliveryRefused' });
    await refused(work, { branch });
    expect(git(work, 'rev-parse', 'HEAD')).toBe(head);
    expect(git(work, 'for-each-ref', 'refs/notes')).toBe('');
    await mkdir(join(root, 'empty'));
    await refused(join(root, 'empty'));
    await refused(join(root, 'nothing'));
    const elsewhere = await remote({ a: '1' });
    await refused(elsewhere.url);
    expect(git(elsewhere.url, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  test('is tried again where the server does not answer', async () => {
    const { deliver } = await smallPackage();
    await expect(deliver(target('https://127.0.0.1:9/a.git'))).rejects.toMatchObject({
      code: 'DependencyUnreachable',
    });
  });
});
