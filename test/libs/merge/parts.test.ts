import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { writeSnapshot } from '../../../libs/artifacts/snapshot/write-snapshot.js';
import type { Snapshot, SnapshotRef } from '../../../libs/contracts/subject.js';
import { buildWorkspace } from '../../../libs/merge/build-workspace.js';
import { changedFiles } from '../../../libs/merge/changed-files.js';
import type { Estimate } from '../../../libs/merge/estimate.js';
import { described, type FilePart, type MergePart, partsOf, refine } from '../../../libs/merge/parts.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let store: ArtifactStore;

beforeEach(async () => {
  store = openStore(await temporaryFolder());
});

type Content = string | Uint8Array | { readonly link: string } | { readonly program: string };
type Files = Readonly<Record<string, Content>>;

async function workspaceOf(files: Files): Promise<SnapshotRef> {
  return await store.batch(async (writer) => {
    const entries = [];
    for (const [path, content] of Object.entries(files)) {
      if (typeof content === 'object' && 'link' in content) {
        entries.push({ kind: 'link' as const, path, target: content.link });
        continue;
      }
      const executable = typeof content === 'object' && 'program' in content;
      const { digest, size } = await writer.put(executable ? content.program : content, 'text/plain');
      entries.push({ kind: 'file' as const, path, executable, size, digest });
    }
    return await writeSnapshot(writer, entries, 'The workspace');
  });
}

/** Every change is worth the same, so that merging as much as possible is best. */
const everythingGains: Estimate = {
  whole: () => 1,
  pieces: (_, { pieces }) =>
    pieces.map(({ options }) => options.map((_option, index) => (index === 0 ? 0 : 1))),
};

interface Made {
  readonly captured: Snapshot;
  readonly parts: FilePart[];
  readonly workspaces: ReadonlyMap<string, SnapshotRef>;
}

async function made(
  base: Files,
  parents: Readonly<Record<string, Files>>,
  passing?: string[],
): Promise<Made> {
  const captured = await readSnapshot(store, await workspaceOf(base));
  const workspaces = new Map<string, SnapshotRef>();
  for (const [item, files] of Object.entries(parents)) workspaces.set(item, await workspaceOf(files));
  const read = [];
  for (const [item, ref] of workspaces) read.push({ item, workspace: await readSnapshot(store, ref) });
  const eligible = new Set(passing ?? Object.keys(parents));
  const parts = await partsOf(store, changedFiles(captured, read), eligible, everythingGains);
  return { captured, parts, workspaces };
}

const genomeOf = (parts: readonly MergePart[], parent: string): number[] =>
  parts.map(({ variants }) =>
    Math.max(
      0,
      variants.findIndex(({ from }) => from.includes(parent)),
    ),
  );

const textOf = async (digest: string | null | undefined): Promise<string | null> =>
  digest ? (await store.get(digest as `sha256:${string}`)).toString('utf8') : null;

const shown = (parts: readonly MergePart[]) =>
  Promise.all(
    parts.map(async (part) => {
      const { path, kind, where, variants } = described(part);
      const texts = await Promise.all(
        variants.map(async ({ digest, from }) => [from.join('+'), await textOf(digest)]),
      );
      return { path, kind, where, variants: Object.fromEntries(texts) as Record<string, string | null> };
    }),
  );

/** The text of each variant of a file, merged ones too, by the parents that have it so. */
const textsOf = async (part: FilePart | undefined): Promise<(readonly [string, string | null])[]> =>
  await Promise.all(
    (part?.variants ?? []).map(
      async ({ digest, from }) => [from.join('+') || 'merged', await textOf(digest)] as const,
    ),
  );

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

test('a file that parents change in different places can be had from each, from none, or merged', async () => {
  const base = { 'a.js': lines('1', '2', '3', '4', '5'), 'same.js': 'same\n' };
  const { parts } = await made(base, {
    one: { ...base, 'a.js': lines('ONE', '2', '3', '4', '5') },
    two: { ...base, 'a.js': lines('1', '2', '3', '4', 'FIVE') },
    three: { ...base, 'a.js': lines('ONE', '2', '3', '4', '5') },
  });
  expect(await shown(parts)).toEqual([
    {
      path: 'a.js',
      kind: 'file',
      where: null,
      variants: {
        base: lines('1', '2', '3', '4', '5'),
        'one+three': lines('ONE', '2', '3', '4', '5'),
        two: lines('1', '2', '3', '4', 'FIVE'),
      },
    },
  ]);
  expect(await textsOf(parts[0])).toEqual([
    ['base', lines('1', '2', '3', '4', '5')],
    ['one+three', lines('ONE', '2', '3', '4', '5')],
    ['two', lines('1', '2', '3', '4', 'FIVE')],
    ['merged', lines('ONE', '2', '3', '4', 'FIVE')],
  ]);
});

test('where parents change the same lines, each keeps its own, and takes what merges cleanly', async () => {
  const { parts } = await made(
    { 'a.js': lines('1', '2', '3') },
    { one: { 'a.js': lines('A', '2', '3') }, two: { 'a.js': lines('B', '2', 'C') } },
  );
  expect(await textsOf(parts[0])).toEqual([
    ['base', lines('1', '2', '3')],
    ['one', lines('A', '2', '3')],
    ['two', lines('B', '2', 'C')],
    ['merged', lines('A', '2', 'C')],
  ]);
});

test('what is merged of candidates that pass is trusted, what has a part of another is not', async () => {
  const base = { 'a.js': lines('1', '2', '3', '4', '5') };
  const { parts } = await made(
    base,
    {
      one: { 'a.js': lines('A', '2', '3', '4', '5') },
      two: { 'a.js': lines('1', '2', 'B', '4', '5') },
      out: { 'a.js': lines('1', '2', '3', '4', 'C') },
    },
    ['one', 'two'],
  );
  const texts = await textsOf(parts[0]);
  expect(texts.map(([from, text], index) => [from, text, parts[0]?.variants[index]?.trusted])).toEqual([
    ['base', lines('1', '2', '3', '4', '5'), true],
    ['one', lines('A', '2', '3', '4', '5'), true],
    ['two', lines('1', '2', 'B', '4', '5'), true],
    ['out', lines('1', '2', '3', '4', 'C'), false],
    ['merged', lines('A', '2', 'B', '4', '5'), true],
    ['merged', lines('A', '2', 'B', '4', 'C'), false],
  ]);
});

test('a refined file is its hunks, each with the parents that have it so', async () => {
  const { parts } = await made(
    { 'a.js': lines('1', '2', '3') },
    { one: { 'a.js': lines('A', '2', '3') }, two: { 'a.js': lines('A', '2', '3', '4') } },
  );
  const finer = parts.flatMap((part) => refine(part)?.parts ?? []);
  expect(await shown(finer)).toEqual([
    { path: 'a.js', kind: 'hunk', where: '1-1', variants: { base: '1\n', 'one+two': 'A\n' } },
    { path: 'a.js', kind: 'hunk', where: '4-3', variants: { base: '', two: '4\n' } },
  ]);
});

test('a JSON file is refined to its nodes', async () => {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const { parts } = await made(
    { 'package.json': json({ name: 'a', main: 'old.js' }) },
    {
      one: { 'package.json': json({ name: 'a', main: 'new.js' }) },
      two: { 'package.json': json({ name: 'a', main: 'old.js', license: 'MIT' }) },
    },
  );
  expect((await textsOf(parts[0])).at(-1)).toEqual([
    'merged',
    json({ name: 'a', main: 'new.js', license: 'MIT' }),
  ]);
  expect(await shown(parts.flatMap((part) => refine(part)?.parts ?? []))).toEqual([
    { path: 'package.json', kind: 'json', where: '/main', variants: { base: '"old.js"', one: '"new.js"' } },
    { path: 'package.json', kind: 'json', where: '/license', variants: { base: null, two: '"MIT"' } },
  ]);
});

test.each<[string, Content | undefined, Content | undefined]>([
  ['a file that a parent removes', 'text\n', undefined],
  ['a file that a parent adds', undefined, 'text\n'],
  ['a file that is not text', Buffer.from([0, 1, 2]), Buffer.from([0, 1, 3])],
  ['a file that is not UTF-8', Buffer.from([0xff, 10]), Buffer.from([0xfe, 10])],
  ['a file that becomes a program', 'text\n', { program: 'text\n' }],
  ['a file that becomes a link', 'text\n', { link: 'b' }],
  ['a link that leads elsewhere', { link: 'b' }, { link: 'c' }],
  ['a file over 512 KiB', `${'x\n'.repeat(300_000)}`, `${'x\n'.repeat(300_000)}y\n`],
])('%s stays whole, and is had as captured or as the parent has it', async (_, before, after) => {
  const others = { b: 'b\n', c: 'c\n' };
  const files = (content: Content | undefined): Files =>
    content === undefined ? others : { ...others, a: content };
  const { captured, parts, workspaces } = await made(files(before), { one: files(after) });
  expect(
    parts.map(({ path, kind, variants }) => ({ path, kind, from: variants.map(({ from }) => from) })),
  ).toEqual([{ path: 'a', kind: 'file', from: [['base'], ['one']] }]);
  expect(parts.map((part) => refine(part))).toEqual([undefined]);
  expect(await buildWorkspace(store, captured, parts, [1])).toEqual(workspaces.get('one'));
  for (const { digest } of described(parts[0] as MergePart).variants)
    if (digest) expect(await store.has(digest)).toBe(true);
});

test('a file and a folder of the same name cannot be had together', async () => {
  const { captured, parts } = await made({ a: 'file\n' }, { one: { 'a/b': 'in a folder\n' } });
  expect(parts.map(({ path }) => path)).toEqual(['a', 'a/b']);
  expect(await buildWorkspace(store, captured, parts, [0, 1])).toBeUndefined();
  expect(await buildWorkspace(store, captured, parts, [1, 1])).toBeDefined();
});

test('each parent comes back byte for byte, by files and by their pieces', async () => {
  const content = fc.oneof(
    fc.array(fc.constantFrom('a\n', 'b\n', 'c'), { maxLength: 8 }).map((all) => all.join('')),
    fc.dictionary(fc.constantFrom('x', 'y'), fc.integer()).map((value) => JSON.stringify(value)),
  );
  const files = fc
    .dictionary(fc.constantFrom('a.js', 'b.json', 'c'), content)
    .map((all): Files => ({ ...all, always: 'there\n' }));
  await fc.assert(
    fc.asyncProperty(files, fc.array(files, { minLength: 1, maxLength: 3 }), async (base, parents) => {
      const named = Object.fromEntries(parents.map((parent, index) => [`parent-${index}`, parent]));
      const { captured, parts, workspaces } = await made(base, named);
      for (const [item, workspace] of workspaces) {
        const genome = genomeOf(parts, item);
        expect(await buildWorkspace(store, captured, parts, genome)).toEqual(workspace);
        const refined = parts.map((part, index) => {
          const finer = refine(part);
          return finer
            ? { parts: finer.parts, genome: finer.variants[genome[index] ?? 0] ?? [] }
            : { parts: [part], genome: [genome[index] ?? 0] };
        });
        const built = await buildWorkspace(
          store,
          captured,
          refined.flatMap((one) => one.parts),
          refined.flatMap((one) => one.genome),
        );
        expect(built).toEqual(workspace);
      }
    }),
    { numRuns: 40 },
  );
});
