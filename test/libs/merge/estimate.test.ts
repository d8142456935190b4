import { expect, test } from 'vitest';
import type { ValidationReport } from '../../../libs/contracts/reports/candidate.js';
import type { ChangedFile } from '../../../libs/merge/changed-files.js';
import type { Division } from '../../../libs/merge/divide-file.js';
import { estimateFrom } from '../../../libs/merge/estimate.js';
import * as reports from '../../support/small-reports.js';

const weights = { findings: 1, complexity: 1, size: 1, verification: 1 };

/** The code report counts 10 findings in each file, 20 in all. */
const code = {
  ...reports.code,
  byFile: [
    { file: 'a.js', count: 10 },
    { file: 'b.js', count: 10 },
  ],
  totals: { style: 20, correctness: 0, debt: 0, all: 20 },
};

const counting = (counts: Readonly<Record<string, number>>): ValidationReport => ({
  ...reports.validation([]),
  findings: {
    all: 0,
    byTool: {},
    byFile: Object.entries(counts).map(([file, count]) => ({ file, count })),
  },
  lines: { before: 100, after: 100 },
});

const version = (...parents: string[]) => ({
  entry: { kind: 'link', path: 'a.js', target: parents.join() } as const,
  parents,
});

const fileOf = (path: string, ...parents: string[]): ChangedFile => ({
  path,
  base: null,
  versions: parents.map((parent) => version(parent)),
});

const hunk = (...options: { lines: number; deleted?: number; versions: number[] }[]) => ({
  where: '1-1',
  options: [
    { content: '', versions: [], lines: 0, deleted: 0 },
    ...options.map(({ deleted = 0, ...option }) => ({ content: 'x', deleted, ...option })),
  ],
});

const division = (...pieces: Division['pieces'][number][]): Division => ({
  kind: 'hunk',
  pieces,
  assemble: () => '',
});

test('a version gains the share of findings that it takes away, as its validation counted them', () => {
  const file = fileOf('a.js', 'one');
  const estimate = estimateFrom(code, new Map([['one', counting({ 'a.js': 4 })]]), [file], weights);
  expect(estimate.whole('a.js', version('one'))).toBeCloseTo(6 / 20);
});

test('where a candidate left a file alone, its validation says what the file had before', () => {
  const validations = new Map([
    ['one', counting({ 'a.js': 4 })],
    ['two', counting({ 'a.js': 8 })],
  ]);
  const estimate = estimateFrom(code, validations, [fileOf('a.js', 'one')], weights);
  expect(estimate.whole('a.js', version('one'))).toBeCloseTo(4 / 20);
});

test('a version of which nothing was counted is expected to gain nothing', () => {
  const estimate = estimateFrom(code, new Map(), [fileOf('a.js', 'one')], weights);
  expect(estimate.whole('a.js', version('one'))).toBe(0);
});

test('what a version gains is spread over its hunks by their lines, and lines that change cost', () => {
  const file = fileOf('a.js', 'one', 'two');
  const validations = new Map([
    ['one', counting({ 'a.js': 4, 'b.js': 10 })],
    ['two', counting({ 'a.js': 10, 'b.js': 10 })],
  ]);
  const [first, second] = estimateFrom(code, validations, [file], weights).pieces(
    file,
    division(
      hunk({ lines: 4, versions: [0] }),
      hunk({ lines: 2, versions: [0] }, { lines: 2, versions: [1] }),
    ),
  );
  expect(first).toEqual([0, expect.closeTo((6 / 20) * (4 / 6) - 4 / 200)]);
  expect(second).toEqual([0, expect.closeTo((6 / 20) * (2 / 6) - 2 / 200), expect.closeTo(-2 / 200)]);
});

test('to remove a file, or many lines in one place, is never expected to be better', () => {
  const file = fileOf('a.js', 'one');
  const validations = new Map([['one', counting({ 'a.js': 0 })]]);
  const estimate = estimateFrom(code, validations, [file], weights);
  expect(estimate.whole('a.js', { entry: null, parents: ['one'] })).toBeLessThan(0);
  const [few, many] = estimate.pieces(
    file,
    division(
      hunk({ lines: 29, deleted: 29, versions: [0] }),
      hunk({ lines: 30, deleted: 30, versions: [0] }),
    ),
  );
  expect(few?.[1]).toBeGreaterThan(0);
  expect(many?.[1]).toBeLessThan(0);
});
