import { expect, test } from 'vitest';
import { analyseChange } from '../../../../../libs/agents/builtin/change-analysis/analyse-change.js';
import { findSites, unjudged } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { libraryFiles } from '../../../../../libs/agents/builtin/subject/library-files.js';
import { discoverySchema } from '../../../../../libs/contracts/discovery.js';
import { changeAnalysisSchema } from '../../../../../libs/contracts/reports/change.js';
import { placesFor, taskWith } from '../../support/places.js';
import { stockroom } from '../../support/stockroom.js';

async function analysed(subject: Parameters<typeof placesFor>[0], parameters: Record<string, unknown> = {}) {
  const { outcome } = await analyseChange(placesFor(subject), taskWith(parameters));
  return changeAnalysisSchema.parse(outcome);
}
const filesOf = ({ parameters }: { parameters: Record<string, unknown> }) => parameters.files as string[];

async function sitesOfStockroom() {
  const { workspace } = placesFor(stockroom);
  return (await findSites(workspace, libraryFiles(workspace))).map(unjudged);
}

test('what linters mend becomes three discoveries of implementation that have no file in common', async () => {
  const { approved, plan, discoveries, nextWork, metadata } = await analysed(stockroom);
  expect(approved).toBe(true);
  expect(discoveries.map(filesOf)).toEqual([
    ['lib/total.js'],
    ['lib/orders.js', 'lib/parse.js'],
    ['lib/search.js'],
  ]);
  expect(discoveries.map(({ category }) => category)).toEqual(Array(3).fill('implementation'));
  expect(discoveries.map((one) => discoverySchema.parse(one))).toEqual(discoveries);
  expect(discoveries[0]?.parameters.rules).toContain('eslint/prefer-template');
  expect(discoveries[2]?.parameters.rules).not.toContain('eslint/prefer-template');
  expect(nextWork).toEqual(discoveries.map(({ description }) => description));
  expect(plan).toHaveLength(3);
  expect(metadata.mendable).toBeGreaterThan(20);
  expect(metadata).toMatchObject({ files: 5, functions: 8, maxComplexity: 5 });
});

test('fewer pieces are made where fewer are asked for, and where there are fewer files', async () => {
  const { discoveries } = await analysed(stockroom, { pieces: 2 });
  expect(discoveries.flatMap(filesOf).sort()).toEqual([
    'lib/orders.js',
    'lib/parse.js',
    'lib/search.js',
    'lib/total.js',
  ]);
  expect(discoveries).toHaveLength(2);
  expect((await analysed({ 'a.js': 'var a = 1;\nexports.a = a;\n' })).discoveries).toHaveLength(1);
});

test('a library without anything to mend is not approved, and nothing comes next', async () => {
  const { approved, plan, reasons, discoveries } = await analysed({ 'a.js': 'exports.a = 1;\n' });
  expect({ approved, discoveries }).toEqual({ approved: false, discoveries: [] });
  expect(plan).toEqual([{ step: 'Nothing is changed.', rules: [], files: [] }]);
  expect(reasons).toEqual([expect.stringContaining('No linter mends anything')]);
});

test('of the places of a discovery only the safe ones are approved, and the others are dismissed', async () => {
  const sites = await sitesOfStockroom();
  const outcome = await analysed(stockroom, { sites, dismissed: ['earlier'] });
  expect(outcome).toMatchObject({ about: 'optimisation', approved: true });
  expect(outcome.sites.map(({ key }) => key)).toEqual(sites.map(({ key }) => key));
  const safe = outcome.sites.filter((site) => site.safe);
  expect(safe.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'lib/orders.js:6',
    'lib/parse.js:5',
    'lib/parse.js:7',
    'lib/search.js:21',
    'lib/total.js:4',
  ]);
  const [discovery, ...others] = outcome.discoveries;
  expect(others).toEqual([]);
  const unsafe = outcome.sites.filter((site) => !site.safe).map(({ key }) => key);
  expect(discovery).toMatchObject({
    kind: 'optimisation',
    category: 'implementation',
    parameters: {
      rules: ['heptad/cache-computation', 'heptad/cache-loop-length'],
      sites: safe.map(({ key }) => key),
      dismissed: ['earlier', ...unsafe].sort(),
    },
  });
});

test('a discovery of which no place is safe, or there any more, is not approved, with the reasons', async () => {
  const sites = (await sitesOfStockroom()).filter(({ line, file }) => file === 'lib/orders.js' && line !== 6);
  const refused = await analysed(stockroom, { sites });
  expect(refused).toMatchObject({ approved: false, discoveries: [] });
  expect(refused.sites.map(({ reasons }) => reasons.join())).toEqual([
    expect.stringContaining('"queue.push" is called'),
    expect.stringContaining('no for loop'),
  ]);
  const gone = await analysed({ 'lib/orders.js': 'exports.a = 1;\n' }, { sites });
  expect(gone.reasons.join()).toContain('Not there any more: 2.');
});

test('the same is said at each execution', async () => {
  expect(await analysed(stockroom)).toEqual(await analysed(stockroom));
});
