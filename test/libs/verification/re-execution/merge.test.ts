import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MergeReport } from '../../../../libs/contracts/reports/merge.js';
import { mergeCandidates } from '../../../../libs/merge/merge-candidates.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import type { Judged } from '../../../../libs/verification/judged.js';
import { assembleAgain } from '../../../../libs/verification/re-execution/package.js';
import { ownTests } from '../../../../libs/verification/self-check/own-tests.js';
import { type ReviewedRun, reviewedRun } from '../../../support/reviewed-run.js';
import { trustIn } from '../../../support/signers.js';
import { buildPrograms, root } from '../../agents/support/built-programs.js';
import { host } from '../../sandbox/sandbox-fixture.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let room: Parameters<typeof assembleAgain>[2];
let run: ReviewedRun;
let merge: MergeReport;

const subject = {
  'package.json': '{"name":"s","version":"1.0.0","license":"MIT"}\n',
  'add.js': 'exports.add = function add(a, b) {\n  if (a == 0) return b;\n  return a + b;\n};\n',
  'join.js':
    "exports.join = function join(list) {\n  if (list.length == 0) return '';\n  return list.join();\n};\n",
  'all.test.js': [
    "const { test } = require('node:test');",
    "const assert = require('node:assert');",
    "test('adds', () => assert.equal(require('./add.js').add(1, 2), 3));",
    "test('joins', () => assert.equal(require('./join.js').join(['a', 'b']), 'a,b'));",
    '',
  ].join('\n'),
};

const strict = (text: string): string => text.replace('==', '===');

/** Each does one file well; together they are better. */
const candidates = {
  A: { 'add.js': strict(subject['add.js']) },
  B: { 'join.js': strict(subject['join.js']) },
};
const broken = { 'add.js': subject['add.js'].replace('a + b', 'a - b') };

beforeAll(async () => {
  programs = await buildPrograms();
  folder = await mkdtemp(join(tmpdir(), 'heptad-again-'));
  room = {
    sandboxHost: host,
    scratch: join(folder, 'scratch'),
    cache: join(folder, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
    roots: [],
  };
  await mkdir(room.scratch);
  run = await reviewedRun({
    run: 'again',
    folder,
    room,
    subject,
    candidates: { ...candidates, C: broken },
    merge: { evaluations: 8, seconds: 300 },
  });
  merge = await mergeCandidates(run.input, { ...room, store: run.store });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await programs.remove();
});

/** Deliver of the run with this merge, as far as the merge and the tests of what is delivered look at it. */
async function judged(merged: MergeReport, staged: Partial<Record<string, unknown>> = {}): Promise<Judged> {
  const { store, input } = run;
  const ref = await store.putJson(merged);
  const { accepted, assignment, executed, judged: judgement } = input;
  const output = await store.putJson({
    kind: 'package',
    candidate: merged.result.candidate,
    workspace: merged.result.workspace,
    merge: ref,
    judgement,
    validation: merged.result.validation,
    insteadOfMerge: null,
    manifest: ref,
    manifestBinary: ref,
    manifestSchema: ref,
    files: [],
    ...staged,
  });
  return {
    run: input.run,
    phase: 'deliver',
    round: 1,
    pass: 'B',
    input: { accepted, assignment, executed, judged: judgement, synthesis: executed },
    output,
    store,
    trust: async () => trustIn(),
    verified: new Set(),
  };
}

async function checkOf(name: string, look: (checks: CheckList) => Promise<unknown>) {
  const checks = new CheckList();
  await look(checks);
  expect(await readdir(room.scratch)).toEqual([]);
  return checks.checks.find(({ check }) => check === name);
}

const mergedAgain = async (merged: MergeReport) => {
  const phase = await judged(merged);
  return await checkOf('merged-again', (checks) => assembleAgain(phase, checks, room));
};

test('a merge that was searched and tested as it says is accepted', async () => {
  expect(merge.result).toMatchObject({ candidate: 'D', improved: true });
  expect(await mergedAgain(merge)).toMatchObject({ ok: true });
});

test('a combination that was said to pass its tests, and does not, is found', async () => {
  const evaluations = merge.evaluations.map((one, index) =>
    index === 0 ? { ...one, eligible: !one.eligible } : one,
  );
  const check = await mergedAgain({ ...merge, evaluations });
  expect(check).toMatchObject({ ok: false });
  expect(check?.says).toContain('/evaluations/0/eligible');
});

test('a fitness that nobody measured is found', async () => {
  const check = await mergedAgain({ ...merge, result: { ...merge.result, fitness: 1 } });
  expect(check?.says).toContain('/result/fitness: 1, then');
});

test('without a sandbox, merging again is an error of the verifier', async () => {
  const phase = await judged(merge);
  const without = { ...room, sandboxHost: { bubblewrap: undefined } };
  await expect(assembleAgain(phase, new CheckList(), without)).rejects.toMatchObject({
    code: 'SandboxUnavailable',
  });
  expect(await readdir(room.scratch)).toEqual([]);
});

const tested = async (staged: Partial<Record<string, unknown>> = {}) => {
  const phase = await judged(merge, staged);
  return await checkOf('own-tests', (checks) => ownTests(phase, checks, room));
};

test('what is delivered is accepted by its own tests', async () => {
  expect(await tested()).toMatchObject({ ok: true });
});

test('what is delivered, and breaks a test, is rejected by its own tests', async () => {
  const parent = run.standings.find(({ eligible }) => !eligible);
  const workspace = { ...run.captured, digest: parent?.workspace, bytes: run.captured.bytes };
  const check = await tested({ workspace });
  expect(check).toMatchObject({ ok: false });
  expect(check?.says).toContain('It is not accepted: 1 test broken: adds.');
});

test('a validation that states other verdicts than the tests have is rejected', async () => {
  const { store } = run;
  const report = JSON.parse((await store.get(merge.result.validation.digest)).toString('utf8'));
  const tests = report.tests.tests.filter(({ name }: { name: string }) => name !== 'joins');
  const validation = await store.putJson({ ...report, tests: { ...report.tests, tests, passed: 1 } });
  const check = await tested({ validation });
  expect(check?.says).toContain('/tests/tests/joins: absent, then "pass"');
});

test('other phases have no tests of their own', async () => {
  const checks = new CheckList();
  await ownTests({ ...(await judged(merge)), phase: 'verify' }, checks, room);
  expect(checks.checks).toEqual([]);
});
