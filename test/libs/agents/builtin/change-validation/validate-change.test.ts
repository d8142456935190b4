import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateChange } from '../../../../../libs/agents/builtin/change-validation/validate-change.js';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { discoverySchema } from '../../../../../libs/contracts/discovery.js';
import { changeValidationSchema } from '../../../../../libs/contracts/reports/change.js';
import { placesFor, taskWith, writeFiles } from '../../support/places.js';
import { stockroom, suite } from '../../support/stockroom.js';

async function validated(places: Places, parameters: Record<string, unknown> = {}) {
  const { outcome } = await validateChange(places, taskWith({ test: suite, ...parameters }));
  const parsed = changeValidationSchema.parse(outcome);
  for (const discovery of parsed.discoveries) expect(discoverySchema.parse(discovery)).toEqual(discovery);
  return parsed;
}
const edit = ({ workspace }: Places, file: string, change: (text: string) => string): void =>
  writeFileSync(join(workspace, file), change(readFileSync(join(workspace, file), 'utf8')));

test('work that is done again and again is discovered, each place once, in one optimisation', async () => {
  const { passed, optimisationsDiscovered, discoveries } = await validated(placesFor(stockroom));
  expect(passed).toBe(true);
  expect(optimisationsDiscovered.map(({ rule, file, line }) => `${rule} ${file}:${line}`)).toEqual([
    'cache-loop-length lib/orders.js:4',
    'cache-loop-length lib/orders.js:6',
    'cache-loop-length lib/orders.js:16',
    'cache-loop-length lib/parse.js:5',
    'cache-computation lib/parse.js:7',
    'cache-loop-length lib/search.js:4',
    'cache-loop-length lib/search.js:6',
    'regexp-in-loop lib/search.js:7',
    'cache-loop-length lib/search.js:21',
    'cache-loop-length lib/total.js:4',
    'cache-loop-length lib/total.js:13',
  ]);
  expect(discoveries).toEqual([
    expect.objectContaining({
      kind: 'optimisation',
      parameters: { sites: optimisationsDiscovered, dismissed: [] },
    }),
  ]);
  expect(discoveries[0]?.category).toBeUndefined();
});

test('what a result before it dismissed is not discovered again', async () => {
  const places = placesFor(stockroom);
  const { optimisationsDiscovered: all } = await validated(places);
  const [first, ...others] = all.map(({ key }) => key);
  writeFileSync(join(places.inputs, 'implement-1.json'), JSON.stringify({ dismissed: others }));
  const second = await validated(places);
  expect(second.optimisationsDiscovered.map(({ key }) => key)).toEqual([first]);
  expect((await validated(places, { dismissed: [first] })).discoveries).toEqual([]);
});

test('a broken test is an issue and a discovery, and nothing is to be made faster before it passes', async () => {
  const places = placesFor(stockroom);
  edit(places, 'lib/total.js', (text) => text.replace('sum + items', 'sum - items'));
  const { passed, issues, discoveries, broken } = await validated(places);
  expect(passed).toBe(false);
  expect(broken).toEqual(['sums what items are worth']);
  expect(issues).toContain('The test "sums what items are worth" passed before and does not pass now.');
  expect(discoveries).toEqual([
    expect.objectContaining({
      kind: 'test-failure',
      priority: 'critical',
      parameters: { tests: broken, dismissed: [] },
    }),
  ]);
});

test('asked which change breaks tests, it names the file and discovers a bug', async () => {
  const places = placesFor(stockroom);
  edit(places, 'lib/total.js', (text) => text.replace('sum + items', 'sum - items'));
  edit(places, 'lib/search.js', (text) => `// changed\n${text}`);
  const { culprits, discoveries } = await validated(places, { tests: ['sums what items are worth'] });
  expect(culprits).toEqual([{ file: 'lib/total.js', reason: expect.stringContaining('sums what items') }]);
  expect(discoveries).toEqual([
    expect.objectContaining({ kind: 'bug', parameters: { restore: ['lib/total.js'], dismissed: [] } }),
  ]);
});

test('findings that the change brought in are issues, and those of weight are a bug, unless dismissed', async () => {
  const places = placesFor({
    'a.js': 'exports.a = 1;\n',
    'test/a.test.js': "require('node:test').test('a');\n",
  });
  writeFiles(places.workspace, { 'a.js': 'exports.a = 1;\nexports.b = (x) => x == 1;\n' });
  const { introduced, issues, discoveries, metadata } = await validated(places);
  expect(introduced).toMatchObject([{ tool: 'biome', file: 'a.js', line: 2, severity: 'major' }]);
  expect(issues).toEqual(['a.js:2: biome finds lint/suspicious/noDoubleEquals.']);
  expect(metadata).toMatchObject({ findingsBefore: 0, findingsAfter: 1, filesChanged: 1, linesAdded: 1 });
  const parameters = { rules: ['biome/lint/suspicious/noDoubleEquals'], files: ['a.js'], dismissed: [] };
  expect(discoveries).toEqual([expect.objectContaining({ kind: 'bug', parameters })]);
  const dismissed = ['bug | biome/lint/suspicious/noDoubleEquals | a.js'];
  expect((await validated(places, { dismissed })).discoveries).toEqual([]);
});

test('a given baseline is compared with, and tests of it that did not run are missing', async () => {
  const places = placesFor(stockroom);
  const { tests } = await validated(places);
  const baseline = { ...tests, tests: [...tests.tests, { name: 'gone', verdict: 'pass' }] };
  const { passed, missing } = await validated(places, { baseline });
  expect({ passed, missing }).toEqual({ passed: false, missing: ['gone'] });
});

test('a workspace whose tests never end did not pass', async () => {
  const places = placesFor(stockroom);
  const { tests } = await validated(places);
  writeFiles(places.workspace, { 'test/stockroom.test.js': 'setInterval(() => {}, 1000);\n' });
  const { passed, missing, issues } = await validated(places, { baseline: tests, limits: { wallMs: 3000 } });
  expect(passed).toBe(false);
  expect(missing).toHaveLength(9);
  expect(issues).toContain('No test was run.');
});
