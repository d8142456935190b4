import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitDeliveryFailure } from '../../../libs/delivery/git-failure.js';
import { GitRepository, notesRef } from '../../../libs/delivery/git-repository.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { commit, git, repositoryOf } from '../subjects/repository.js';

async function prepared() {
  const root = await temporaryFolder();
  const url = join(root, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', url]);
  const work = join(root, 'work');
  repositoryOf(work, { a: '1' });
  git(work, 'push', '--quiet', url, 'HEAD:main');
  const { signal } = new AbortController();
  const remote = { url, place: `${url}#main` };
  const { repository } = await GitRepository.open(join(root, 'own'), remote, ['HEAD'], signal);
  await repository.fetch('refs/heads/main', 'refs/heptad/parent');
  await mkdir(join(root, 'files'));
  await writeFile(join(root, 'files/b'), '2');
  const tree = await repository.treeOf(join(root, 'files'));
  const parent = await repository.commitOf('refs/heptad/parent');
  const made = await repository.commit(tree, parent, 0, 'delivered');
  await repository.note(made, '{}\n');
  return { url, work, repository, made };
}

test('what others pushed meanwhile is not overwritten: it is tried again, and not even the note arrives', async () => {
  const { url, work, repository, made } = await prepared();
  const theirs = commit(work, { a: '2' });
  git(work, 'push', '--quiet', url, 'HEAD:main');
  await expect(repository.push(made, 'main')).rejects.toMatchObject({ code: 'DeliveryOvertaken' });
  expect(git(url, 'for-each-ref', '--format=%(refname) %(objectname)')).toBe(`refs/heads/main ${theirs}`);
});

test('a note that others pushed meanwhile keeps the branch from being pushed, too', async () => {
  const { url, repository, made } = await prepared();
  const before = git(url, 'rev-parse', 'main');
  git(url, 'notes', `--ref=${notesRef}`, 'add', '--message=theirs', 'main');
  await expect(repository.push(made, 'main')).rejects.toMatchObject({ code: 'DeliveryOvertaken' });
  expect(git(url, 'rev-parse', 'main')).toBe(before);
});

test('two pushes of the same commit are one', async () => {
  const { url, repository, made } = await prepared();
  await repository.push(made, 'main');
  await repository.push(made, 'main');
  expect(git(url, 'rev-parse', 'main')).toBe(made);
});

test('the error has no credentials that an address was rewritten to', () => {
  const errors = `fatal: unable to access 'https://me:hidden@git.example/a.git/': The requested URL returned error: 403`;
  const { code, message } = gitDeliveryFailure('https://git.example/a.git#main', {
    code: 128,
    output: '',
    errors,
  });
  expect(code).toBe('DeliveryRefused');
  expect(message).toContain('https://git.example/a.git/');
  expect(message).not.toMatch(/hidden|me:/);
});
