import { execFileSync } from 'node:child_process';
import { copyFile, link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkPackage } from '../../libs/package-check/check-package.js';
import { type GenuineRun, genuineRun } from '../support/genuine-package/genuine-run.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  changesOf,
  checksOn,
  count,
  missed,
  missedIn,
  placeIn,
  Specimen,
  summary,
  type Tampering,
} from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Files that were changed, and found:\n${summary().text}`));

test('a file that is dropped, emptied, cut, extended, renamed or swapped is found', {
  timeout: 10 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun({ waived: true }));
  expect((await specimen.check()).proven).toBe(true);
  expect(await missed(specimen, filesChanged(specimen))).toEqual([]);
});

function* filesChanged(specimen: Specimen): Iterable<Tampering> {
  for (const [index, path] of specimen.paths.entries()) {
    const bytes = specimen.bytesOf(path);
    const by = checksOn(path);
    const one = (kind: string, ...changes: readonly (readonly [string, Buffer | null])[]): Tampering => ({
      kind,
      says: changes.map(([name]) => name).join(', '),
      changes: changesOf(...changes),
      by,
    });
    yield one('dropped', [path, null]);
    yield one('emptied', [path, Buffer.alloc(0)]);
    yield one('cut to half', [path, bytes.subarray(0, Math.floor(bytes.length / 2))]);
    yield one('cut by a byte', [path, bytes.subarray(0, -1)]);
    yield one('extended', [path, Buffer.concat([bytes, Buffer.from('\n')])]);
    yield one('renamed', [path, null], [`${path}.bak`, bytes]);
    yield one('copied', [join(dirname(path), `copy-of-${basename(path)}`), bytes]);
    const other = otherThan(specimen, index);
    yield one('swapped', [path, specimen.bytesOf(other)], [other, bytes]);
  }
}

/** The next file with other bytes; the evidence is in the package twice. */
function otherThan(specimen: Specimen, index: number): string {
  const { paths } = specimen;
  const bytes = specimen.bytesOf(paths[index] ?? '');
  const after = [...paths.slice(index + 1), ...paths.slice(0, index)];
  const other = after.find((path) => !specimen.bytesOf(path).equals(bytes));
  if (other === undefined) throw new Error('All files are the same.');
  return other;
}

test('what has no place in a folder of the package is found', { timeout: 5 * minutes }, async () => {
  const run = await genuineRun();
  const outside = await temporaryFolder();
  expect((await checkPackage(run.folder, run)).proven).toBe(true);
  const specimen = await Specimen.of(run);
  const folders = new Set(specimen.paths.flatMap((path) => foldersOf(path)));
  for (const folder of ['', ...folders])
    for (const [kind, name, make] of additions(outside)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const place = placeIn(run.folder, path);
      await make(place, specimen);
      expect(await found(run, kind, path), `${kind} ${path}`).toBeUndefined();
      await rm(place, { recursive: true });
    }
  expect((await checkPackage(run.folder, run)).proven).toBe(true);
});

const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'));

type Addition = readonly [
  kind: string,
  name: string,
  make: (place: string, specimen: Specimen) => Promise<void>,
];

const additions = (outside: string): readonly Addition[] => [
  ['a file is added', 'more.json', async (place) => await writeFile(place, '{}')],
  ['a hidden file is added', '.hidden', async (place) => await writeFile(place, '')],
  [
    'a link to a file is added',
    'link',
    async (place, { run }) => await symlink(join(run.folder, 'README.md'), place),
  ],
  ['a link to nowhere is added', 'nowhere', async (place) => await symlink(join(outside, 'nothing'), place)],
  ['a link to a folder is added', 'folder-link', async (place) => await symlink(outside, place)],
  ['an empty folder is added', 'empty', async (place) => await mkdir(place).then(() => undefined)],
  ['a pipe is added', 'pipe', async (place) => void execFileSync('mkfifo', [place])],
];

test('a file that became something else with the same bytes is found', { timeout: minutes }, async () => {
  const run = await genuineRun();
  const outside = await temporaryFolder();
  const specimen = await Specimen.of(run);
  const firsts = new Map(specimen.paths.map((path) => [dirname(path), path]));
  for (const path of firsts.values()) {
    const place = placeIn(run.folder, path);
    const kept = join(outside, 'kept');
    await copyFile(place, kept);
    await rm(place);
    await symlink(kept, place);
    expect(await found(run, 'a link in place of a file', path), path).toBeUndefined();
    await rm(place);
    await rename(kept, place);
  }
  expect((await checkPackage(run.folder, run)).proven).toBe(true);
});

test('a package that is itself a link, a file or nothing is refused', async () => {
  const run = await genuineRun();
  const outside = await temporaryFolder();
  await symlink(run.folder, join(outside, 'link'));
  await writeFile(join(outside, 'file'), 'no package');
  await mkdir(join(outside, 'empty'));
  for (const name of ['link', 'file', 'nothing'])
    await expect(checkPackage(join(outside, name), run)).rejects.toMatchObject({ code: 'InputInvalid' });
  expect((await checkPackage(join(outside, 'empty'), run)).proven).toBe(false);
});

test('a change in memory is found by the same checks as one on disk', async () => {
  const run = await genuineRun();
  const specimen = await Specimen.of(run);
  const path = 'seal/verdicts/4-coordinate-B.json';
  const flipped = Buffer.from(specimen.bytesOf(path)).fill('x', 40, 41);
  const inMemory = await specimen.checkWith(changesOf([path, flipped]));
  await writeFile(placeIn(run.folder, path), flipped);
  expect(await checkPackage(run.folder, run)).toEqual(inMemory);
  await writeFile(placeIn(run.folder, path), specimen.bytesOf(path));
  await link(placeIn(run.folder, path), placeIn(run.folder, 'seal/again.json'));
  const again = await specimen.checkWith(changesOf(['seal/again.json', specimen.bytesOf(path)]));
  expect(await checkPackage(run.folder, run)).toEqual(again);
});

/** Why a change on disk is not found; undefined where it is. */
async function found(run: GenuineRun, kind: string, path: string): Promise<string | undefined> {
  const problem = missedIn(await checkPackage(run.folder, run), { changes: changesOf([path, null]) });
  count(kind, problem === undefined);
  return problem;
}
