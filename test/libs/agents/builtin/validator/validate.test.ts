import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { runSuite } from '../../../../../libs/agents/builtin/suite/run-suite.js';
import { validate } from '../../../../../libs/agents/builtin/validator/validate.js';
import { validationReportSchema } from '../../../../../libs/contracts/reports/candidate.js';
import { placesFor, taskWith, tiny, writeFiles } from '../../support/places.js';

const command = 'node --test';
const suite = { command, wallMs: 30_000, coverage: false };

/** A candidate of the fixture with these files changed, and the baseline of the fixture. */
async function candidate(changes: Record<string, string>): Promise<Places> {
  const places = placesFor(tiny);
  const { run } = await runSuite(places, suite);
  writeFileSync(
    join(places.inputs, 'infrastructure.json'),
    JSON.stringify({ kind: 'infrastructure', baseline: run }),
  );
  writeFiles(places.workspace, changes);
  return places;
}

async function report(places: Places, parameters: Record<string, unknown> = {}) {
  const { outcome } = await validate(places, taskWith({ test: { command }, ...parameters }));
  return validationReportSchema.parse(outcome);
}

test('the subject as it was breaks nothing and has not changed', async () => {
  const { broken, missing, change, tests, coverage, findings } = await report(await candidate({}));
  expect({ broken, missing }).toEqual({ broken: [], missing: [] });
  expect(change).toEqual({ files: 0, linesAdded: 0, linesRemoved: 0, largestDeletion: 0 });
  expect(tests.passed).toBe(12);
  expect(coverage.functions).toBe(100);
  expect(findings.all).toBe((findings.byTool.biome ?? 0) + (findings.byTool.oxlint ?? 0));
  expect(findings.byTool.biome).toBeGreaterThan(0);
});

test('a test that fails now is broken, by name', async () => {
  const places = await candidate({
    'lib/text.js':
      "exports.join = (w) => w.join(' ');\nexports.isBlank = (v) => !v.trim();\nexports.greet = () => 'no';\n",
  });
  const { broken, missing, change, lines } = await report(places);
  expect(broken).toEqual(['text > greets']);
  expect(missing).toEqual([]);
  expect(change).toMatchObject({ files: 1, linesAdded: 3 });
  expect(lines.before - lines.after).toBe(change.linesRemoved - change.linesAdded);
});

test('tests that do not run any more are missing, though the exit code is 0', async () => {
  const places = await candidate({
    'test/tiny.test.js': "require('node:test').test('text > greets', () => {});\n",
  });
  const { tests, missing } = await report(places);
  expect(tests.exitCode).toBe(0);
  expect(missing).toHaveLength(11);
});

test('a candidate that runs for ever is a result, with every test missing', async () => {
  const places = await candidate({ 'test/tiny.test.js': 'setInterval(() => {}, 1000);\n' });
  const { tests, missing } = await report(places, { limits: { wallMs: 2000 } });
  expect(tests).toMatchObject({ tests: [], exitCode: null });
  expect(missing).toHaveLength(12);
});

test('a deletion is measured by its longest run of lines', async () => {
  const places = await candidate({ 'lib/text.js': '// TODO: take the separator as an option\n' });
  const { change } = await report(places);
  expect(change).toEqual({ files: 1, linesAdded: 0, linesRemoved: 15, largestDeletion: 15 });
});

test('a baseline that is none is refused', async () => {
  const places = await candidate({});
  await expect(report(places, { baseline: 'other' })).rejects.toMatchObject({ code: 'InputInvalid' });
});

test('complexity is summed over the functions of the library, before and after', async () => {
  const places = placesFor({
    'a.js': 'exports.one = (x) => (x ? 1 : 2);\nexports.two = (x, y) => x && y;\n',
    'b.ts': 'export const three = (x: number): number => x;\n',
    'test/a.test.js': "require('node:test').test('runs', () => {});\n",
  });
  writeFileSync(
    join(places.inputs, 'infrastructure.json'),
    JSON.stringify({ kind: 'infrastructure', baseline: (await runSuite(places, suite)).run }),
  );
  writeFiles(places.workspace, {
    'a.js': 'exports.one = () => 1;\nexports.two = (x, y) => x && y;\n',
    'test/a.test.js': "require('node:test').test('runs', () => { if (1) return; });\n",
  });
  const { complexity, findings } = await report(places);
  expect(complexity).toEqual({ before: 2 + 2 + 1, after: 1 + 2 + 1 });
  expect(findings.byTool.oxlint).toBe(0);
});

test('a candidate that asks the linters to be silent hides neither findings nor complexity', async () => {
  const silent = '/* eslint-disable */\n/* oxlint-disable */\n/* biome-ignore-all lint: no */\n';
  const text = readFileSync(join(tiny, 'lib/numbers.js'), 'utf8');
  const before = await report(await candidate({}));
  const after = await report(await candidate({ 'lib/numbers.js': `${silent}${text}` }));
  expect(after.findings).toEqual(before.findings);
  expect(after.complexity).toEqual(before.complexity);
  expect(before.complexity.after).toBeGreaterThan(0);
});
