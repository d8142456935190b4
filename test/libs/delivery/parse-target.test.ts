import { generateHybridIdentity, generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../libs/contracts/delivery.js';
import { parseTarget } from '../../../libs/delivery/parse-target.js';
import { targetProblems } from '../../../libs/delivery/target-problems.js';

const parsed = (text: string, encryptTo?: string): Target => {
  const target = parseTarget(text, '/home/somebody', encryptTo);
  if (typeof target === 'string') throw new Error(target);
  return target;
};

describe('what a person writes for a target', () => {
  test.each<[string, Target]>([
    ['folder:/srv/packages', { kind: 'folder', path: '/srv/packages' }],
    ['folder:packages', { kind: 'folder', path: '/home/somebody/packages' }],
    ['s3://packages', { kind: 's3', bucket: 'packages', prefix: '' }],
    ['s3://packages/team/', { kind: 's3', bucket: 'packages', prefix: 'team/' }],
    ['git+file:///srv/a.git#main', { kind: 'git', url: '/srv/a.git', branch: 'main' }],
    [
      'git+https://git.example/a#heptad/x:main',
      { kind: 'git', url: 'https://git.example/a', branch: 'heptad/x', base: 'main' },
    ],
    ['https://git.example/a.git#x', { kind: 'git', url: 'https://git.example/a.git', branch: 'x' }],
    ['ssh://git@git.example/a.git#x', { kind: 'git', url: 'ssh://git@git.example/a.git', branch: 'x' }],
    ['git@git.example:a/b.git#x', { kind: 'git', url: 'git@git.example:a/b.git', branch: 'x' }],
  ])('%s is understood, and has no problem', (text, target) => {
    expect(parsed(text)).toEqual(target);
    expect(targetProblems([parsed(text)])).toEqual([]);
  });

  test.each([
    '/srv/packages',
    's3:packages',
    's3://',
    's3://NOT_A_BUCKET/x',
    'https://git.example/a.git',
    'https://git.example/a.git#',
    'ftp://example/x#y',
    'git+file://host/a.git#main',
    '',
  ])('%j is refused with a sentence', (text) => {
    expect(parseTarget(text, '/')).toMatch(/^[A-Z].*\.$|^Invalid/);
  });

  test('is encrypted to a recipient, but for a branch', async () => {
    const recipient = await identityToRecipient(await generateIdentity());
    expect(parsed('s3://packages', recipient)).toMatchObject({ encryptTo: recipient });
    expect(parseTarget('git@a.example:a.git#x', '/', recipient)).toBe(
      'What goes to a git branch is not encrypted.',
    );
    const hybrid = await identityToRecipient(await generateHybridIdentity());
    expect(targetProblems([parsed('folder:/a', recipient), parsed('folder:/b', hybrid)])).toEqual([]);
  });
});

describe('a target', () => {
  const folder = (path: string): Target => ({ kind: 'folder', path });
  const git = (changes: Partial<Extract<Target, { kind: 'git' }>>): Target => ({
    kind: 'git',
    url: '/srv/a.git',
    branch: 'main',
    ...changes,
  });

  test.each<[string, Target]>([
    ['/deliver/0/path', folder('packages')],
    ['/deliver/0/path', folder('/srv/../etc')],
    ['/deliver/0/path', folder('/srv/\u0000')],
    ['/deliver/0/prefix', { kind: 's3', bucket: 'packages', prefix: '../x/' }],
    ['/deliver/0/prefix', { kind: 's3', bucket: 'packages', prefix: '/x' }],
    ['/deliver/0/prefix', { kind: 's3', bucket: 'packages', prefix: 'a\nb' }],
    ['/deliver/0/url', git({ url: 'https://user:secret-of-mine@git.example/a.git' })],
    ['/deliver/0/url', git({ url: 'file:///srv/a.git' })],
    ['/deliver/0/url', git({ url: 'ext::sh -c id' })],
    ['/deliver/0/url', git({ url: 'http://git.example/a.git' })],
    ['/deliver/0/url', git({ url: '--upload-pack=id' })],
    ['/deliver/0/url', git({ url: 'https://git.example/a.git#main' })],
    ['/deliver/0/url', git({ url: 'a.git' })],
    ['/deliver/0/branch', git({ branch: '-x' })],
    ['/deliver/0/branch', git({ branch: 'a..b' })],
    ['/deliver/0/branch', git({ branch: 'refs/heads/main' })],
    ['/deliver/0/branch', git({ branch: 'HEAD' })],
    ['/deliver/0/branch', git({ branch: 'a.lock' })],
    ['/deliver/0/base', git({ base: '+x' })],
    [
      '/deliver/0/encryptTo',
      {
        ...folder('/srv'),
        kind: 'folder',
        path: '/srv',
        encryptTo: `age1${'q'.repeat(58)}`,
      },
    ],
  ])('that cannot be one is refused at %s, and no secret is repeated', (path, target) => {
    const problems = targetProblems([target]);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(JSON.stringify(problems)).not.toContain('secret-of-mine');
  });

  test('that is there twice is refused, unless only one of them is encrypted', async () => {
    const encryptTo = await identityToRecipient(await generateIdentity());
    const encrypted: Target = { kind: 'folder', path: '/srv', encryptTo };
    expect(targetProblems([folder('/srv'), encrypted])).toEqual([]);
    expect(targetProblems([folder('/srv'), git({}), folder('/srv')])).toEqual([
      { path: '/deliver/2', reason: 'It is the same place as /deliver/0.' },
    ]);
  });
});
