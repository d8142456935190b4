import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../../libs/contracts/delivery.js';
import type { ParsedRequest } from '../../../libs/contracts/request.js';
import type { Subject } from '../../../libs/contracts/subject.js';
import { checkRequest } from '../../../libs/intake/check-request.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-check-'));
  for (const name of ['root/subject', 'root/empty', 'outside'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'root/subject/index.js'), 'x');
  await writeFile(join(folder, 'outside/index.js'), 'x');
  await symlink(join(folder, 'outside'), join(folder, 'root/link'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const npm = parseRequest({ request: 'review npm:ejs@1.0.0' });

const problemsOf = async (request: ParsedRequest): Promise<string[]> =>
  checkRequest(request, { roots: [], deliveryRoots: [] }).then(
    () => [],
    (error) => {
      if (error.code !== 'InputInvalid') throw error;
      return error.problems.map(({ path, reason }: { path: string; reason: string }) => `${path} ${reason}`);
    },
  );

describe('the security checks', () => {
  it('say what each looked at', async () => {
    const { checks, subject } = await checkRequest(
      parseRequest({ request: 'review npm:ejs@1.0.0 with tests "mocha" using mocha@10.8.2' }),
      { roots: [], deliveryRoots: [] },
    );
    expect(checks.map(({ check }) => check)).toEqual([
      'size',
      'control characters',
      'subject',
      'test command',
      'delivery',
      'secrets',
      'roots',
    ]);
    expect(checks.every(({ says }) => says.endsWith('.'))).toBe(true);
    expect(subject).toEqual({ kind: 'npm', name: 'ejs', version: '1.0.0' });
  });

  it('refuse an input that is too large or nested too deeply, without a stack overflow', async () => {
    expect(await problemsOf({ ...npm, input: { subject: 'x'.repeat(70_000) } })).toEqual([
      expect.stringMatching(/^\/input It has \d+ bytes; 65536 are accepted\.$/),
    ]);
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`);
    expect(await problemsOf({ ...npm, input: deep })).toEqual(['/input It is nested deeper than 10 levels.']);
  });

  it.each(['a\u0000b', 'a\u001b[31m', 'a\nb', 'a\u202eb', 'a\u2066b', 'a\u0085b'])(
    'refuse the characters of %j, in values and in names',
    async (text) => {
      const input = { subject: 'npm:ejs@1.0.0', test: { command: text, tools: { [text]: '1.0.0' } } };
      const problems = await problemsOf({ ...npm, input });
      expect(problems).toEqual([
        expect.stringMatching(/^\/input\/test\/command It holds a control character/),
        expect.stringMatching(/^\/input\/test\/tools\/.* It holds a control character/),
      ]);
      expect(problems.join('')).not.toMatch(/\p{Cc}/u);
    },
  );

  it('accept lines in a sentence, but no control characters', async () => {
    expect(await problemsOf({ ...npm, sentence: 'review\n npm:ejs@1.0.0\n' })).toEqual([]);
    expect(await problemsOf({ ...npm, sentence: 'review\u0007 npm:ejs@1.0.0' })).toHaveLength(1);
  });

  it.each<[Subject, string]>([
    [{ kind: 'git', url: '--upload-pack=touch /x' }, 'begins with a hyphen'],
    [{ kind: 'git', url: 'https://host/a.git', ref: '-x' }, 'begins with a hyphen'],
    [{ kind: 'git', url: 'ext::sh -c touch% /x' }, 'transport helper'],
    [{ kind: 'git', url: 'https://me:secret@host/a.git' }, 'carries credentials'],
    [{ kind: 'git', url: 'https://token@host/a.git' }, 'carries credentials'],
    [{ kind: 'git', url: 'ssh://git:secret@host/a.git' }, 'carries credentials'],
    [{ kind: 'git', url: 'https://host/a.git', ref: 'a..b' }, 'not the name of a branch'],
    [{ kind: 'git', url: 'https://host/a.git', ref: 'HEAD@{1}' }, 'not the name of a branch'],
    [{ kind: 'npm', name: 'ejs', version: 'https://host/x.tgz' }, 'not a package of the registry'],
    [{ kind: 'npm', name: 'ejs', version: 'file:../x' }, 'not a package of the registry'],
    [{ kind: 'directory', path: '-rf' }, 'begin with a hyphen'],
    [{ kind: 'text', text: 'a\u0007b' }, 'contains a control character'],
    [{ kind: 'text', text: 'a\r\nb' }, 'not in the form in which it is stored'],
    [{ kind: 'text', text: ' ' }, 'is empty'],
    [{ kind: 'text', text: 'a'.repeat(20_001) }, 'longer than 20000 characters'],
  ])('refuse the subject %j even where a parser would let it through', async (subject, reason) => {
    expect(await problemsOf({ ...npm, subject })).toEqual([
      expect.stringMatching(new RegExp(`^/input/subject .*${reason}`)),
    ]);
  });

  it('accept the account of an ssh address', async () => {
    expect(
      await problemsOf({ ...npm, subject: { kind: 'git', url: 'ssh://git@host/a.git', ref: 'v1.0' } }),
    ).toEqual([]);
  });

  it.each([
    ['git+https://host/x.git', 'mocha'],
    ['file:../x', 'mocha'],
    ['https://host/x.tgz', 'mocha'],
    ['latest', 'mocha'],
    ['npm:other@latest', 'mocha'],
    ['1.0.0', '../mocha'],
    ['1.0.0', 'a b'],
  ])('refuse the tool version %s of %s', async (version, name) => {
    expect(await problemsOf({ ...npm, test: { command: 'x', tools: { [name]: version } } })).toEqual([
      expect.stringMatching(/It is not a package of the registry with a version or range\.$/),
    ]);
  });

  it.each(['1.0.0', '^1', '~1.2', 'npm:tape@4.17.0', '1.x'])(
    'accept the tool version %s',
    async (version) => {
      expect(await problemsOf({ ...npm, test: { command: 'x', tools: { '@a/b': version } } })).toEqual([]);
    },
  );

  it('refuse a command that says nothing, or too much, and too many tools', async () => {
    expect(await problemsOf({ ...npm, test: { command: '  ', tools: {} } })).toHaveLength(1);
    expect(await problemsOf({ ...npm, test: { command: 'x'.repeat(2001), tools: {} } })).toHaveLength(1);
    const tools = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, '1.0.0']));
    expect(await problemsOf({ ...npm, test: { command: 'x', tools } })).toHaveLength(1);
  });

  it('refuse a secret without repeating it', async () => {
    const token = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
    const [problem = ''] = await problemsOf({
      ...npm,
      input: { subject: 'npm:a@1', test: { command: `TOKEN=${token} x` } },
    });
    expect(problem).toContain('/input/test/command It looks like it holds a secret');
    expect(problem).not.toContain(token);
  });

  it('accept lines in a text, which is looked at for secrets as other inputs are', async () => {
    const text = (said: string): ParsedRequest => ({
      ...npm,
      input: { subject: `text:${said}` },
      subject: { kind: 'text', text: said },
    });
    const { checks } = await checkRequest(text('Say how.\n\n- one\n\t- two'), {
      roots: [],
      deliveryRoots: [],
    });
    expect(checks).toContainEqual({
      check: 'subject',
      says: 'A text of 22 characters, which is stored as it is.',
    });
    const token = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
    const [problem = ''] = await problemsOf(text(`Use this:\n\n    TOKEN=${token}\n\nto log in.`));
    expect(problem).toContain('/input/subject It looks like it holds a secret');
    expect(problem).not.toContain(token);
    expect(await problemsOf(text('a\u202eb'))).toEqual([
      expect.stringMatching(/^\/input\/subject It holds a control character/),
    ]);
    expect(await problemsOf({ ...text('a'), input: { subject: 'text:a', other: 'a\nb' } })).toEqual([
      expect.stringMatching(/^\/input\/other It holds a control character/),
    ]);
  });

  it('accept a folder below a root, and say its real path', async () => {
    const roots = [join(folder, 'root')];
    const path = join(folder, 'root/./subject');
    const { subject } = await checkRequest(
      { ...npm, subject: { kind: 'directory', path } },
      { roots, deliveryRoots: [] },
    );
    expect(subject).toEqual({ kind: 'directory', path: join(folder, 'root/subject') });
  });

  it.each([
    ['outside', 'SubjectNotAllowed'],
    ['root/link', 'SubjectNotAllowed'],
    ['root/../outside', 'SubjectNotAllowed'],
    ['root/nothing', 'SubjectUnknown'],
    ['root/empty', 'SubjectInvalid'],
  ])('refuse the folder %s with %s', async (path, code) => {
    const subject: Subject = { kind: 'directory', path: join(folder, path) };
    await expect(
      checkRequest({ ...npm, subject }, { roots: [join(folder, 'root')], deliveryRoots: [] }),
    ).rejects.toMatchObject({
      code,
    });
  });

  it('accept targets below a root for deliveries and elsewhere, and look at them as at the rest', async () => {
    const deliver: Target[] = [
      { kind: 'folder', path: join(folder, 'root/new/place') },
      { kind: 'git', url: join(folder, 'root/a.git'), branch: 'main' },
      { kind: 's3', bucket: 'packages', prefix: '' },
      { kind: 'git', url: 'https://git.example/a.git', branch: 'main' },
    ];
    const deliveryRoots = [join(folder, 'root')];
    const { checks } = await checkRequest({ ...npm, deliver }, { roots: [], deliveryRoots });
    expect(checks).toContainEqual({
      check: 'delivery',
      says: 'The package goes to 4 more places, named in an accepted form.',
    });
    const bent: Target = { kind: 's3', bucket: 'packages', prefix: 'a\u202e/' };
    expect(await problemsOf({ ...npm, deliver: [bent] })).toEqual([
      expect.stringMatching(/^\/deliver\/0\/prefix It holds a control character/),
    ]);
  });

  it('refuse targets outside of the roots for deliveries, and recipients that are none', async () => {
    const recipient = `age1${'q'.repeat(58)}`;
    expect(
      await problemsOf({ ...npm, deliver: [{ kind: 'folder', path: '/srv', encryptTo: recipient }] }),
    ).toEqual([expect.stringMatching(/^\/deliver\/0\/encryptTo It is not the recipient of a key of age/)]);
    const deliver: Target[] = [
      { kind: 'folder', path: join(folder, 'root/link/new') },
      { kind: 's3', bucket: 'packages', prefix: '' },
      { kind: 'git', url: join(folder, 'outside/a.git'), branch: 'main' },
    ];
    await expect(
      checkRequest({ ...npm, deliver }, { roots: [], deliveryRoots: [join(folder, 'root')] }),
    ).rejects.toMatchObject({
      code: 'InputInvalid',
      problems: [
        { path: '/deliver/0/path', reason: expect.stringContaining('HEPTAD_DELIVERY_ROOTS') },
        { path: '/deliver/2/url', reason: expect.stringContaining('HEPTAD_DELIVERY_ROOTS') },
      ],
    });
    expect(await problemsOf({ ...npm, deliver: [{ kind: 'folder', path: '/srv' }] })).toEqual([
      expect.stringContaining('names no folder to deliver to'),
    ]);
  });
});
