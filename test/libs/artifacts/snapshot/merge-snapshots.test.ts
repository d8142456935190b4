import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ArtifactStore } from '../../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { mergeSnapshots } from '../../../../libs/artifacts/snapshot/merge-snapshots.js';
import { readSnapshot } from '../../../../libs/artifacts/snapshot/read-snapshot.js';
import { writeSnapshot } from '../../../../libs/artifacts/snapshot/write-snapshot.js';
import type { SnapshotEntry, SnapshotRef } from '../../../../libs/contracts/subject.js';
import { temporaryFolder } from '../temporary-folder.js';

type Content = string | Buffer | { link: string } | { executable: string };
type Tree = Record<string, Content>;

let store: ArtifactStore;
beforeEach(() => {
  store = openStore(temporaryFolder());
});

async function entryOf(path: string, content: Content): Promise<SnapshotEntry> {
  if (typeof content === 'object' && 'link' in content) return { kind: 'link', path, target: content.link };
  const executable = typeof content === 'object' && 'executable' in content;
  const bytes = typeof content === 'object' && 'executable' in content ? content.executable : content;
  const { digest, size } = await store.put(bytes, 'application/octet-stream');
  return { kind: 'file', path, executable, digest, size };
}

async function workspace(tree: Tree): Promise<SnapshotRef> {
  const entries = await Promise.all(Object.entries(tree).map(([path, content]) => entryOf(path, content)));
  return await writeSnapshot(store, entries, 'The tree');
}

async function treeOf(ref: SnapshotRef): Promise<Tree> {
  const { entries } = await readSnapshot(store, ref);
  const contents = entries.map(async (entry): Promise<[string, Content]> => {
    if (entry.kind === 'link') return [entry.path, { link: entry.target }];
    const text = (await store.get(entry.digest)).toString('latin1');
    return [entry.path, entry.executable ? { executable: text } : text];
  });
  return Object.fromEntries(await Promise.all(contents));
}

async function merged(base: Tree, ...changed: Tree[]): Promise<Tree | { conflicts: string[] }> {
  const result = await mergeSnapshots(
    store,
    await workspace(base),
    await Promise.all(changed.map((tree) => workspace(tree))),
  );
  if ('snapshot' in result) return await treeOf(result.snapshot);
  expect(result.conflicts.every(({ reason }) => reason.length > 10)).toBe(true);
  return { conflicts: result.conflicts.map(({ path }) => path) };
}

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

describe('workspaces made from one base', () => {
  test('keep what each of them alone changed, added and removed', async () => {
    const base = { 'a.js': 'a', 'b.js': 'b', 'c.js': 'c', link: { link: 'a.js' } };
    const one = { ...base, 'a.js': 'A', 'new.js': 'new' };
    const { 'c.js': _, ...two } = { ...base, link: { link: 'b.js' } };
    expect(await merged(base, one, two)).toEqual({
      'a.js': 'A',
      'b.js': 'b',
      'new.js': 'new',
      link: { link: 'b.js' },
    });
  });

  test('take once what they changed alike', async () => {
    const change = { 'a.js': 'A', 'new.js': 'new' };
    expect(await merged({ 'a.js': 'a', 'gone.js': 'x' }, change, change, change)).toEqual(change);
  });

  test('have texts merged that three of them changed in different lines', async () => {
    const text = lines('1', '2', '3', '4', '5', '6', '7');
    const tree = (content: string) => ({ 'a.js': content });
    expect(
      await merged(
        tree(text),
        tree(text.replace('1', 'one')),
        tree(text.replace('4\n', '')),
        tree(`${text}8\n`),
      ),
    ).toEqual(tree(lines('one', '2', '3', '5', '6', '7', '8')));
  });

  test('have long texts merged as well', async () => {
    const all = Array.from({ length: 8000 }, (_, n) => `line ${n}`);
    const one = all.with(10, 'one');
    const two = all.toSpliced(7000, 5);
    expect(await merged({ a: lines(...all) }, { a: lines(...one) }, { a: lines(...two) })).toEqual({
      a: lines(...one.toSpliced(7000, 5)),
    });
  });

  test('keep an executable bit that one set and lines that another changed', async () => {
    expect(await merged({ run: 'echo\n' }, { run: { executable: 'echo\n' } }, { run: 'echo 2\n' })).toEqual({
      run: { executable: 'echo 2\n' },
    });
    expect(
      await merged({ run: { executable: 'a' } }, { run: 'a' }, { run: { executable: 'a' }, other: 'b' }),
    ).toEqual({ run: 'a', other: 'b' });
  });

  test('are the base where nobody changed anything, or nobody is there', async () => {
    expect(await merged({ a: 'a' }, { a: 'a' }, { a: 'a' })).toEqual({ a: 'a' });
    expect(await merged({ a: 'a' })).toEqual({ a: 'a' });
  });
});

describe('a conflict is named by its path', () => {
  const text = lines('1', '2', '3', '4', '5');
  test.each<[string, Tree, Tree, Tree, string]>([
    ['the same line', { a: text }, { a: text.replace('2', 'x') }, { a: text.replace('2', 'y') }, 'a'],
    ['lines that touch', { a: text }, { a: text.replace('2', 'x') }, { a: text.replace('3', 'y') }, 'a'],
    ['removed and changed', { a: text, b: 'b' }, { b: 'b' }, { a: 'x', b: 'b' }, 'a'],
    ['added in two ways', { b: 'b' }, { b: 'b', a: '1' }, { b: 'b', a: '2' }, 'a'],
    ['a link in two ways', { a: { link: 'b' } }, { a: { link: 'c' } }, { a: { link: 'd' } }, 'a'],
    ['a link and a text', { a: 'a' }, { a: { link: 'c' } }, { a: 'b' }, 'a'],
    ['bytes', { a: Buffer.of(0, 1) }, { a: Buffer.of(0, 2) }, { a: Buffer.of(0, 3) }, 'a'],
    ['a file and a folder', { b: 'b' }, { b: 'b', a: 'a' }, { b: 'b', 'a/c': 'c' }, 'a/c'],
  ])('%s', async (_name, base, one, two, path) => {
    expect(await merged(base, one, two)).toEqual({ conflicts: [path] });
    expect(await merged(base, two, one)).toEqual({ conflicts: [path] });
  });

  test('and all of them are, sorted', async () => {
    const tree = (word: string) => ({ a: 'same', b: word, c: word });
    expect(await merged(tree('0'), tree('1'), tree('2'))).toEqual({ conflicts: ['b', 'c'] });
  });
});

describe('laws', () => {
  const content = fc.oneof(
    fc.array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 8 }).map((all) => lines(...all)),
    fc.constantFrom('p', 'q').map((text) => ({ executable: text })),
    fc.constantFrom('a', 'b').map((link) => ({ link: `to/${link}` })),
  );
  const tree = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), content, { noNullPrototype: true });
  const result = async (base: Tree, changed: Tree[]) =>
    mergeSnapshots(store, await workspace(base), await Promise.all(changed.map((one) => workspace(one))));

  test('the order of the changed workspaces makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(tree, { minLength: 2, maxLength: 4 }), async (base, changed) => {
        const first = await result(base, changed);
        expect(await result(base, changed.toReversed())).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  test('one changed workspace, alone or beside the base or itself, is the result', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (base, one) => {
        const wanted = { snapshot: await workspace(one) };
        for (const changed of [[one], [one, base], [base, one, one]])
          expect(await result(base, changed)).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  test('changes of disjoint lines are all there, and nothing else is', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    // Every third line, so that no two changes touch.
    const owners = fc.array(fc.constantFrom(0, 1, 2, null), { minLength: 13, maxLength: 13 });
    const change = (all: (number | null)[], owner: number | 'all') =>
      lines(
        ...numbers.map((line, n) => {
          const of = n % 3 === 0 ? (all[n / 3] ?? null) : null;
          return of !== null && (owner === 'all' || of === owner) ? `changed ${n}` : line;
        }),
      );
    await fc.assert(
      fc.asyncProperty(owners, async (all) => {
        const changed = [0, 1, 2].map((owner) => ({ a: change(all, owner) }));
        expect(await merged({ a: lines(...numbers) }, ...changed)).toEqual({ a: change(all, 'all') });
      }),
      { numRuns: 60 },
    );
  });
});
