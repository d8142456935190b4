import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { materialise } from '../../../../libs/artifacts/snapshot/materialise.js';
import { patchOf } from '../../../../libs/artifacts/snapshot/patch-of.js';
import { snapshot } from '../../../../libs/artifacts/snapshot/snapshot.js';
import { temporaryFolder } from '../temporary-folder.js';

type Tree = Record<string, string | Buffer | { link: string } | { executable: string }>;

function write(folder: string, tree: Tree) {
  mkdirSync(folder, { recursive: true });
  for (const [path, what] of Object.entries(tree)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    if (typeof what === 'string' || Buffer.isBuffer(what)) writeFileSync(join(folder, path), what);
    else if ('link' in what) symlinkSync(what.link, join(folder, path));
    else {
      writeFileSync(join(folder, path), what.executable);
      chmodSync(join(folder, path), 0o755);
    }
  }
}

async function patched(before: Tree, after: Tree, tool: 'git' | 'patch') {
  const base = temporaryFolder();
  const store = openStore(join(base, 'store'));
  write(join(base, 'before'), before);
  write(join(base, 'after'), after);
  const old = await snapshot(store, join(base, 'before'), { allowEmpty: true });
  const now = await snapshot(store, join(base, 'after'), { allowEmpty: true });
  const patch = await patchOf(store, old, now);
  const work = join(base, 'work');
  await materialise(store, old, work);
  writeFileSync(join(base, 'the.patch'), patch);
  const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: base };
  const run = (command: string, args: string[]) =>
    execFileSync(command, args, { cwd: work, env, stdio: 'pipe' });
  if (patch !== '' && tool === 'git') run('git', ['apply', '--whitespace=nowarn', '../the.patch']);
  if (patch !== '' && tool === 'patch') run('patch', ['-p1', '--batch', '--binary', '-i', '../the.patch']);
  return { patch, digest: (await snapshot(store, work, { allowEmpty: true })).digest, wanted: now.digest };
}

const lines = (count: number, word: string) =>
  Array.from({ length: count }, (_, n) => `${word} ${n}\n`).join('');

describe('a patch', () => {
  const before: Tree = {
    'changed.js': `${lines(30, 'same')}old\n${lines(30, 'same')}`,
    'no newline': 'a\nb',
    'gets newline': 'a\nb',
    'removed.js': 'x\ny\n',
    'mode.sh': 'echo\n',
    emptied: 'text\n',
    'crlf.txt': 'one\r\ntwo\r\n',
    kind: { link: 'changed.js' },
    turned: { link: 'changed.js' },
    'quote".txt': 'q\n',
    'ünïcode.txt': 'ü\n',
  };
  const after: Tree = {
    'changed.js': `new first\n${lines(30, 'same')}new\n${lines(29, 'same')}`,
    'no newline': 'a\nc',
    'gets newline': 'a\nb\n',
    'mode.sh': { executable: 'echo\n' },
    emptied: '',
    'crlf.txt': 'one\r\nzwei\r\n',
    kind: 'now a file\n',
    turned: { link: 'mode.sh' },
    'quote".txt': 'Q\n',
    'ünïcode.txt': 'Ü\n',
    'new/deep file.js': 'fresh\n',
    'new/empty': '',
    'new/exec': { executable: '#!/bin/sh' },
    'new/link': { link: '../mode.sh' },
    'back\\slash': 'b\n',
  };

  it('turns one workspace into the other by git apply', async () => {
    const { digest, wanted } = await patched(before, after, 'git');
    expect(digest).toBe(wanted);
  });

  it('turns a file into a folder, and a folder into a file', async () => {
    const file = { there: 'x\n', z: 'z\n' };
    const folder = { 'there/inside': 'y\n', z: 'z\n' };
    for (const [old, now] of [
      [file, folder],
      [folder, file],
    ] as const) {
      const { digest, wanted } = await patched(old, now, 'git');
      expect(digest).toBe(wanted);
    }
  });

  it('turns one workspace into the other by patch -p1', async () => {
    const { digest, wanted } = await patched(before, after, 'patch');
    expect(digest).toBe(wanted);
  });

  it('is empty where nothing differs', async () => {
    const { patch } = await patched(before, before, 'git');
    expect(patch).toBe('');
  });

  it('names what is not text, and still applies', async () => {
    const { patch, digest, wanted } = await patched(
      { 'a.bin': Buffer.from([0, 1]), 'b.txt': 'b\n', 'latin1.txt': 'x\n' },
      { 'a.bin': Buffer.from([0, 2]), 'b.txt': 'B\n', 'latin1.txt': Buffer.from([0xe9, 10]) },
      'git',
    );
    expect(patch).toContain('because it is not text: a.bin\n');
    expect(patch).toContain('because it is not text: latin1.txt\n');
    expect(patch).toContain('+B\n');
    expect(digest).not.toBe(wanted);
  });

  it('says the same each time, also where nearly every line differs', async () => {
    const old = { 'big.txt': lines(600, 'old'), 'medium.txt': lines(400, 'old') };
    const now = { 'big.txt': lines(600, 'new'), 'medium.txt': lines(400, 'new') };
    const first = await patched(old, now, 'git');
    expect(first.digest).toBe(first.wanted);
    expect((await patched(old, now, 'patch')).patch).toBe(first.patch);
  });

  it('applies for any change of texts', async () => {
    const text = fc
      .array(
        fc.constantFrom(
          'a\n',
          'b\n',
          'c\n',
          '\n',
          ' \t\n',
          'd\r\n',
          '-\n',
          '+x\n',
          '--- a\n',
          '\u2028\n',
          'e\rf\n',
        ),
        { maxLength: 12 },
      )
      .chain((parts) => fc.constantFrom(parts.join(''), `${parts.join('')}end`));
    const base = temporaryFolder();
    const store = openStore(join(base, 'store'));
    const run = async (old: string, now: string) => {
      write(join(base, 'before'), { f: old });
      write(join(base, 'after'), { f: now });
      const refs = [
        await snapshot(store, join(base, 'before')),
        await snapshot(store, join(base, 'after')),
      ] as const;
      const patch = await patchOf(store, ...refs);
      if (patch === '') return expect(old).toBe(now);
      writeFileSync(join(base, 'the.patch'), patch);
      const options = { cwd: join(base, 'before'), stdio: 'pipe' } as const;
      execFileSync('git', ['apply', '--whitespace=nowarn', '../the.patch'], options);
      expect(readFileSync(join(base, 'before/f'), 'utf8')).toBe(now);
    };
    await fc.assert(
      fc.asyncProperty(text, text, async (old, now) => {
        await run(old, now).finally(() => {
          rmSync(join(base, 'before'), { recursive: true, force: true });
          rmSync(join(base, 'after'), { recursive: true, force: true });
        });
      }),
      { numRuns: 25 },
    );
  });
});
