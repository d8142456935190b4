import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import type { MergeReport } from '../../../libs/contracts/reports/merge.js';
import { mergeReportSchema } from '../../../libs/contracts/reports/merge.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import type { MergeRoom } from '../../../libs/merge/evaluate.js';
import { keptEvaluations } from '../../../libs/merge/kept-evaluations.js';
import { mergeCandidates, repeatMerge } from '../../../libs/merge/merge-candidates.js';
import { sameMerge } from '../../../libs/merge/same-merge.js';
import { type ReviewedOptions, type ReviewedRun, reviewedRun } from '../../support/reviewed-run.js';
import { buildPrograms, root } from '../agents/support/built-programs.js';
import { host } from '../sandbox/sandbox-fixture.js';

let folder: string;
let room: Omit<MergeRoom, 'store'>;
let programs: Awaited<ReturnType<typeof buildPrograms>>;
let run: ReviewedRun;
let merged: MergeReport;

/** Two files that compare loosely, and others that nobody changes. */
const subject = {
  'package.json': '{"name":"s","version":"1.0.0","license":"MIT"}\n',
  'add.js': [
    'function add(a, b) {',
    '  if (a == 0) return b;',
    '  return a + b;',
    '}',
    'function twice(a) {',
    '  if (a == 1) return 2;',
    '  return add(a, a);',
    '}',
    'exports.add = add;',
    'exports.twice = twice;',
    '',
  ].join('\n'),
  'join.js': [
    'function join(list) {',
    "  if (list.length == 0) return '';",
    "  return list.join(', ');",
    '}',
    'function count(list) {',
    '  if (list.length == 1) return 1;',
    '  return list.length;',
    '}',
    'exports.join = join;',
    'exports.count = count;',
    '',
  ].join('\n'),
  'all.test.js': [
    "const { test } = require('node:test');",
    "const assert = require('node:assert');",
    "const { add, twice } = require('./add.js');",
    "const { join, count } = require('./join.js');",
    "test('adds', () => assert.equal(add(1, 2), 3));",
    "test('doubles', () => assert.equal(twice(2), 4));",
    "test('joins', () => assert.equal(join(['a', 'b']), 'a, b'));",
    "test('counts', () => assert.equal(count(['a', 'b']), 2));",
    '',
  ].join('\n'),
};

const strict = (text: string): string => text.replaceAll('==', '===');

/** A does `add.js` well and breaks one function of `join.js`; B the reverse; C only does one line. */
const candidates = {
  A: {
    'add.js': strict(subject['add.js']),
    'join.js': strict(subject['join.js']).replace('return list.length', 'return 0'),
  },
  B: { 'join.js': strict(subject['join.js']), 'add.js': strict(subject['add.js']).replace('a + b', 'a - b') },
  C: { 'add.js': subject['add.js'].replace('==', '===') },
};

async function reviewed(changes: Partial<ReviewedOptions> = {}): Promise<ReviewedRun> {
  const own = await mkdtemp(join(folder, 'run-'));
  const merge = { evaluations: 12, seconds: 300 };
  return await reviewedRun({ run: 'm1', folder: own, room, subject, candidates, merge, ...changes });
}

// Combinations are tested in sandboxes, many of them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

beforeAll(async () => {
  programs = await buildPrograms();
  folder = await mkdtemp(join(tmpdir(), 'heptad-merge-'));
  room = {
    sandboxHost: host,
    scratch: join(folder, 'scratch'),
    cache: join(folder, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
  };
  await mkdir(room.scratch);
  run = await reviewed();
  merged = await mergeCandidates(run.input, { ...room, store: run.store });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await programs.remove();
});

async function textOf(
  { store }: ReviewedRun,
  workspace: SnapshotRef,
  path: string,
): Promise<string | undefined> {
  const entry = (await readSnapshot(store, workspace)).entries.find((one) => one.path === path);
  return entry?.kind === 'file' ? (await store.get(entry.digest)).toString('utf8') : undefined;
}

const noSandbox = () => ({ ...room, store: run.store, sandboxHost: { bubblewrap: undefined } });

test('of a candidate that does one file well and one that does the other well, D has both, and beats them', async () => {
  expect(run.standings.map(({ candidate, eligible }) => [candidate, eligible])).toEqual([
    ['A', false],
    ['B', false],
    ['C', true],
  ]);
  expect(mergeReportSchema.parse(merged)).toEqual(merged);
  const { result } = merged;
  expect(await textOf(run, result.workspace, 'add.js')).toBe(candidates.A['add.js']);
  expect(await textOf(run, result.workspace, 'join.js')).toBe(candidates.B['join.js']);
  expect(result).toMatchObject({ candidate: 'D', improved: true });
  expect(result.fitness).toBeGreaterThan(run.standings[2]?.fitness ?? 1);
  expect(result.says).toContain('the best candidate, improve-c, has');
  expect(merged.evaluations.find(({ workspace }) => workspace === result.workspace.digest)).toMatchObject({
    eligible: true,
    fitness: result.fitness,
    measurements: result.measurements,
  });
  expect(await readdir(room.scratch)).toEqual([]);
});

test('the report says of each part from whom D has it, and D can be made from the report alone', async () => {
  const { store } = run;
  const chosen = merged.evaluations.find(({ workspace }) => workspace === merged.result.workspace.digest);
  const rebuilt = new Map<string, string[]>();
  for (const [index, part] of merged.parts.entries()) {
    const variant = part.variants[chosen?.genome[index] ?? 0];
    expect(merged.result.lineage[index]).toEqual({ part: part.id, path: part.path, from: variant?.from });
    const text = variant?.digest ? (await store.get(variant.digest)).toString('utf8') : '';
    if (part.kind === 'file') {
      rebuilt.set(part.path, [text]);
      continue;
    }
    const [first = 0, last = 0] = (part.where ?? '').split('-').map(Number);
    const file =
      rebuilt.get(part.path) ?? (subject as Record<string, string>)[part.path]?.split(/(?<=\n)/) ?? [];
    rebuilt.set(
      part.path,
      file.map((line, at) => (at + 1 === first ? text : at + 1 > first && at + 1 <= last ? '' : line)),
    );
  }
  expect(merged.parts.some(({ kind }) => kind === 'hunk')).toBe(true);
  for (const [path, parts] of rebuilt)
    expect(parts.join('')).toBe(await textOf(run, merged.result.workspace, path));
});

test('what two candidates did in different places of one file is merged, and each hunk has its owner', async () => {
  const before = subject['add.js'];
  const [first, second] = [before.replace('a == 0', 'a === 0'), before.replace('a == 1', 'a === 1')];
  const two = await reviewed({
    candidates: { A: { 'add.js': first }, B: { 'add.js': second } },
    merge: { evaluations: 1, seconds: 300 },
  });
  const { result } = await mergeCandidates(two.input, { ...room, store: two.store });
  expect(await textOf(two, result.workspace, 'add.js')).toBe(candidates.A['add.js']);
  expect(result.lineage).toEqual([
    { part: 'add.js#2-2', path: 'add.js', from: ['improve-a'] },
    { part: 'add.js#6-6', path: 'add.js', from: ['improve-b'] },
  ]);
});

test('merged again it is the same, and any other report is not', async () => {
  const { store } = run;
  const again = await repeatMerge(run.input, { ...room, store }, merged);
  expect(await sameMerge(store, merged, again, 'same-test-verdicts')).toEqual({
    equal: true,
    differences: [],
  });
  const [first, ...others] = again.evaluations;
  if (!first) throw new Error('Nothing was evaluated.');
  const forged: MergeReport[] = [
    { ...again, seed: run.input.executed.digest },
    { ...again, evaluations: others },
    { ...again, evaluations: [{ ...first, eligible: !first.eligible }, ...others] },
    { ...again, result: { ...again.result, fitness: 1 } },
    { ...again, result: { ...again.result, workspace: run.captured } },
  ];
  for (const report of forged)
    expect(await sameMerge(store, merged, report, 'same-test-verdicts')).toMatchObject({ equal: false });
});

test('validations that differ in their verdicts are found, those that differ in coverage are not', async () => {
  const { store } = run;
  const report = JSON.parse((await store.get(merged.result.validation.digest)).toString('utf8'));
  const having = async (changes: object): Promise<MergeReport> => ({
    ...merged,
    result: { ...merged.result, validation: await store.putJson({ ...report, ...changes }) },
  });
  const covered = await having({ coverage: { lines: 1, functions: 1, branches: 1 } });
  const broken = await having({ broken: ['adds'] });
  expect(await sameMerge(store, merged, covered, 'same-test-verdicts')).toMatchObject({ equal: true });
  expect(await sameMerge(store, merged, broken, 'same-test-verdicts')).toMatchObject({ equal: false });
});

test('without evaluations, D is the best candidate and says so', async () => {
  const none = await reviewed({ merge: { evaluations: 0, seconds: 300 } });
  const { result, stopped, evaluations } = await mergeCandidates(none.input, { ...room, store: none.store });
  expect({ stopped, evaluations }).toEqual({ stopped: 'evaluations', evaluations: [] });
  expect(result).toMatchObject({
    candidate: 'C',
    improved: false,
    fitness: none.standings[2]?.fitness,
    workspace: { digest: none.standings[2]?.workspace },
    says: 'No combination is better than the candidate improve-c, so Model D is that candidate. 0 combinations built and tested.',
  });
});

test('the time ends the search, and a repetition ends where it did, however fast it is', async () => {
  let clock = 0;
  const now = () => clock;
  const onGeneration = async () => {
    clock += 200_000;
  };
  const { store, input } = run;
  const cut = await mergeCandidates(input, { ...room, store }, { now, onGeneration });
  expect(cut.stopped).toBe('time');
  expect(cut.evaluations).toEqual(merged.evaluations.filter(({ generation }) => generation <= 2));
  expect(cut.evaluations.length).toBeLessThan(merged.evaluations.length);
  const again = await repeatMerge(input, { ...room, store }, cut);
  expect(await sameMerge(store, cut, again, 'same-test-verdicts')).toMatchObject({ equal: true });
});

test('an attempt that is cut off leaves no folder, and the next tests nothing that it had tested', async () => {
  const { store, input } = run;
  const kept = keptEvaluations(store, 'cut-off');
  const cancelled = new AbortController();
  const done: number[] = [];
  const first = mergeCandidates(
    input,
    { ...room, store, signal: cancelled.signal },
    {
      kept,
      onGeneration: async (evaluations) => {
        done.push(evaluations);
        if (done.length === 2) cancelled.abort(new Error('cut off'));
      },
    },
  );
  await expect(first).rejects.toThrow('cut off');
  expect(await readdir(room.scratch)).toEqual([]);
  expect(await store.entries.list('merges/cut-off/')).toHaveLength(done[1] ?? 0);

  const tested: number[] = [];
  const onGeneration = async (evaluations: number) => void tested.push(evaluations);
  await expect(mergeCandidates(input, noSandbox(), { kept, onGeneration })).rejects.toMatchObject({
    code: 'SandboxUnavailable',
  });
  expect(tested).toEqual(done);

  const whole = await mergeCandidates(input, { ...room, store }, { kept });
  expect(await sameMerge(store, merged, whole, 'same-test-verdicts')).toMatchObject({ equal: true });
  expect(await mergeCandidates(input, noSandbox(), { kept })).toEqual(whole);

  await kept.forget();
  expect(await store.entries.list('merges/')).toEqual([]);
});

test('where no candidate is eligible, D may still be', async () => {
  const { A, B } = candidates;
  const two = await reviewed({ candidates: { A, B } });
  expect(two.standings.map(({ eligible }) => eligible)).toEqual([false, false]);
  const { result } = await mergeCandidates(two.input, { ...room, store: two.store });
  expect(result).toMatchObject({ candidate: 'D', improved: true });
  expect(await textOf(two, result.workspace, 'join.js')).toBe(B['join.js']);
  expect(await textOf(two, result.workspace, 'add.js')).toBe(A['add.js']);
});

test('where nothing is eligible, there is nothing to deliver', async () => {
  const broken = { A: { 'join.js': 'throw new Error();\n' } };
  const one = await reviewed({ candidates: broken, merge: { evaluations: 0, seconds: 300 } });
  await expect(mergeCandidates(one.input, { ...room, store: one.store })).rejects.toMatchObject({
    code: 'Blocked',
  });
});
