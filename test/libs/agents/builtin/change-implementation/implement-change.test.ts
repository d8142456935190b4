import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { implementChange } from '../../../../../libs/agents/builtin/change-implementation/implement-change.js';
import { findSites } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { listFiles } from '../../../../../libs/agents/builtin/subject/list-files.js';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { changeSchema } from '../../../../../libs/contracts/reports/change.js';
import { placesFor, taskWith, tiny } from '../../support/places.js';
import { stockroom, suite } from '../../support/stockroom.js';

async function changed(places: Places, parameters: Record<string, unknown>) {
  const { outcome } = await implementChange(places, taskWith({ test: suite, ...parameters }));
  return changeSchema.parse(outcome);
}
const changedFiles = ({ before, workspace }: Places): string[] =>
  listFiles(workspace).filter(
    (file) => readFileSync(join(before, file), 'utf8') !== readFileSync(join(workspace, file), 'utf8'),
  );

test('the rules are applied to the files, and nothing else is changed', async () => {
  const places = placesFor(stockroom);
  const outcome = await changed(places, {
    rules: ['eslint/no-var', 'biome/lint/complexity/useArrowFunction'],
    files: ['lib/search.js', 'lib/total.js', 'test/stockroom.test.js', 'none.js'],
  });
  expect(changedFiles(places)).toEqual(['lib/search.js', 'lib/total.js']);
  expect(outcome).toMatchObject({
    codeFiles: ['lib/search.js', 'lib/total.js'],
    testFiles: [],
    left: [
      { file: 'none.js', reason: expect.stringContaining('no file of the library') },
      { file: 'test/stockroom.test.js', reason: expect.stringContaining('no file of the library') },
    ],
    metadata: { after: 0, passed: 9, broken: 0 },
    discoveries: [],
  });
  expect(outcome.metadata.before).toBeGreaterThan(10);
  expect(outcome.tools.map(({ name }) => name).sort()).toEqual(['biome', 'eslint']);
});

test('a file whose change breaks tests is left as it was, and said to be an issue', async () => {
  const places = placesFor(tiny);
  const files = ['lib/stack.js', 'lib/text.js'];
  const rules = ['biome/lint/complexity/useArrowFunction'];
  const outcome = await changed(places, { rules, files });
  expect(changedFiles(places)).toEqual(['lib/text.js']);
  expect(outcome.left).toEqual([{ file: 'lib/stack.js', reason: expect.stringContaining('Tests') }]);
  expect(outcome.discoveredIssues).toEqual([expect.stringMatching(/^lib\/stack.js: Tests/)]);
  expect(outcome.metadata.broken).toBe(0);
  expect(outcome.dismissed).toEqual([`bug | ${rules[0]} | lib/stack.js`]);
});

test('safe places are done once, the others are handed on as dismissed', async () => {
  const places = placesFor(stockroom);
  const found = await findSites(places.workspace, ['lib/orders.js', 'lib/parse.js']);
  const outcome = await changed(places, {
    rules: ['heptad/cache-loop-length', 'heptad/cache-computation'],
    files: ['lib/orders.js', 'lib/parse.js'],
    sites: found.filter(({ safe }) => safe).map(({ key }) => key),
    dismissed: ['earlier'],
  });
  expect(outcome.codeFiles).toEqual(['lib/orders.js', 'lib/parse.js']);
  expect(outcome.metadata).toEqual({ before: 3, after: 0, passed: 9, broken: 0 });
  expect(outcome.dismissed).toEqual(
    ['earlier', ...found.filter(({ safe }) => !safe).map(({ key }) => key)].sort(),
  );
  const parse = readFileSync(join(places.workspace, 'lib/parse.js'), 'utf8');
  expect(parse).toContain('linesLength = lines.length; i < linesLength');
  expect(parse.match(/line\.trim\(\)/g)).toHaveLength(1);
  expect(await findSites(places.workspace, ['lib/parse.js'])).toEqual([]);
});

test('files are put back as they were captured', async () => {
  const places = placesFor(stockroom);
  writeFileSync(
    join(places.workspace, 'lib/total.js'),
    "exports.worth = () => 0;\nexports.describe = () => '';\n",
  );
  writeFileSync(join(places.workspace, 'lib/new.js'), 'exports.a = 1;\n');
  const { codeFiles } = await changed(places, { restore: ['lib/total.js', 'lib/new.js'] });
  expect(codeFiles).toEqual(['lib/new.js', 'lib/total.js']);
  expect(listFiles(places.workspace)).toEqual(listFiles(places.before));
  expect(changedFiles(places)).toEqual([]);
});

test('an agent with fewer tools leaves the rules of the others aside', async () => {
  const places = placesFor(stockroom);
  const { rules, codeFiles } = await changed(places, {
    tools: ['eslint'],
    rules: ['biome/lint/complexity/useArrowFunction', 'eslint/prefer-template'],
    files: ['lib/search.js', 'lib/total.js'],
  });
  expect({ rules, codeFiles }).toEqual({ rules: ['eslint/prefer-template'], codeFiles: ['lib/total.js'] });
});

test('a subject whose tests do not run is not changed', async () => {
  const places = placesFor(stockroom);
  const task = { test: { command: 'true' }, rules: ['eslint/no-var'], files: ['lib/total.js'] };
  await expect(changed(places, task)).rejects.toMatchObject({ code: 'NoTests' });
  expect(changedFiles(places)).toEqual([]);
});
