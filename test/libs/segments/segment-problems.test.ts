import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import {
  chunkResultsSchema,
  type InputResult,
  type SegmentReport,
} from '../../../libs/contracts/reports/segment.js';
import { inChunks } from '../../../libs/segments/cut-inputs.js';
import { runSegment } from '../../../libs/segments/run-segment.js';
import { chunkProblems } from '../../../libs/segments/segment-problems.js';
import { reportProblems } from '../../../libs/verification/self-check/report-problems.js';
import { doubling, good } from './programs.js';

let folder: string;
let store: ArtifactStore;
let report: SegmentReport;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heptad-problems-'));
  store = openStore(folder);
  report = await runSegment({
    store,
    prefix: 'segments/r/item',
    inputs: inChunks([...good(24), 13], 10),
    agent: doubling,
    attempts: 1,
    tolerate: 0.1,
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The report with the results of its second chunk changed. */
async function withResults(change: (results: InputResult[]) => unknown[]): Promise<SegmentReport> {
  const chunks = [...report.chunks];
  const [, chunk] = chunks;
  if (!chunk) throw new Error('There is no second chunk.');
  const results = await store.getJson(chunk.results.digest, chunkResultsSchema);
  chunks[1] = { ...chunk, results: await store.putJson(change(results)) };
  return { ...report, chunks };
}

const problemsOf = async (
  of: SegmentReport,
  expects: Readonly<Record<string, unknown>> | null = null,
): Promise<string> => (await chunkProblems(store, of, doubling.outcome, expects)).join(' ');

test('an honest segment has no problems', async () => {
  expect(await problemsOf(report)).toBe('');
  expect(reportProblems.segment(report)).toEqual([]);
});

test.each<[string, (results: InputResult[]) => unknown[], string]>([
  ['left out', (results) => results.slice(1), 'each of its 10 inputs once'],
  ['there twice', ([first, , ...rest]) => [first, first, ...rest], 'each of its 10 inputs once'],
  ['out of order', (results) => results.toReversed(), 'each of its 10 inputs once'],
  [
    'changed in its output',
    ([first, ...rest]) => [{ ...first, output: { twice: 1 } }, ...rest],
    'not the digest that is stated',
  ],
  [
    'changed in its digest',
    ([first, ...rest]) => [{ ...first, digest: '0'.repeat(64) }, ...rest],
    'not the digest',
  ],
  [
    'against its schema',
    ([first, ...rest]) => [{ ...first, output: { twice: 'x' } }, ...rest],
    'must be integer',
  ],
  [
    'failed, and not said to be',
    (results) => [
      ...results.slice(0, 9),
      { index: 19, status: 'failed', code: 'AgentFailed', message: 'It threw.' },
    ],
    'not 10 completed',
  ],
])('a result that is %s is seen', async (_, change, says) => {
  expect(await problemsOf(await withResults(change))).toContain(says);
});

test('an output that is not what the item expects is seen', async () => {
  const upTo = (maximum: number) => ({ type: 'object', properties: { twice: { type: 'integer', maximum } } });
  expect(await problemsOf(report, upTo(100_000))).toBe('');
  expect(await problemsOf(report, upTo(44))).toContain('The output of input 23 at /twice: It must be <= 44.');
});

test('a failed input that is another than is stated is seen', async () => {
  const failures = [{ index: 3, code: 'AgentFailed' }];
  expect(await problemsOf({ ...report, failures })).toContain('not the ones that are stated');
});

test.each<[string, Partial<SegmentReport>, string]>([
  ['an input less', { inputs: { count: 24, digest: '0'.repeat(64) } }, 'The chunks have 25 inputs, not 24.'],
  ['one completed more', { completed: 25 }, 'The chunks have not 25 completed inputs.'],
  ['a failure that is not named', { failures: [] }, '0 of 1 failed inputs are named.'],
  ['another digest', { digest: '0'.repeat(64) }, 'The digest is not that of the chunks.'],
])('a report with %s does not add up', (_, change, says) => {
  expect(reportProblems.segment({ ...report, ...change })).toContain(says);
});

test('a report with a gap between its chunks does not add up', () => {
  const chunks = report.chunks.filter((_, number) => number !== 1);
  expect(reportProblems.segment({ ...report, chunks }).join(' ')).toContain(
    'A chunk begins at input 20, not at 10.',
  );
});
