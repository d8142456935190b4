import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summarise } from '../../../activities/agents/summarise.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const contract = { title: 'Report on licences', type: 'object' };

async function said(outcome: unknown, schema: Readonly<Record<string, unknown>> | null = contract) {
  const store = openStore(join(await temporaryFolder(), 'store'));
  return (await summarise(store, await store.putJson(outcome), [], schema)).summary;
}

test.each([
  ['its summary', { title: 'Licences', summary: 'All are free.' }, 'All are free.'],
  ['its title, where there is no summary', { title: 'Licences', summary: '  ' }, 'Licences'],
  [
    'what its contract is called and its fields, where there is neither',
    { packages: [], kind: 'x', licences: 3 },
    'Report on licences: 3 fields, kind, licences, packages',
  ],
  [
    'how many fields there are, where there is only one',
    { licences: 3 },
    'Report on licences: 1 field, licences',
  ],
  ['that there are none', {}, 'Report on licences: 0 fields'],
  [
    'nothing of what is no text',
    { summary: { a: 1 }, title: 3 },
    'Report on licences: 2 fields, summary, title',
  ],
])('an outcome of a contract of a template is summarised by %s', async (_, outcome, line) => {
  expect(await said(outcome)).toBe(line);
});

test('an outcome of no contract is called by its kind', async () => {
  expect(await said({ kind: 'threats', paths: [] }, null)).toBe('threats: 2 fields, kind, paths');
  expect(await said({ paths: [] }, null)).toBe('An outcome: 1 field, paths');
});

test('the order in which an outcome says its fields makes no difference', async () => {
  const fields = ['b', 'a', 'Z', 'y', 'c', 'x', 'w'];
  const lines = [fields, fields.toReversed()].map((names) =>
    said(Object.fromEntries(names.map((name) => [name, 0]))),
  );
  expect(await Promise.all(lines)).toEqual(
    Array(2).fill('Report on licences: 7 fields, Z, a, b, c, w and 2 more'),
  );
});

test('a summary is one line of at most 200 characters, and cuts none in two', async () => {
  expect(await said({ summary: ' First.\n\n\tSecond. ' })).toBe('First. Second.');
  const line = await said({ summary: `${'a'.repeat(199)}\u{1f600}` });
  expect(line).toHaveLength(200);
  expect(line.isWellFormed()).toBe(true);
});
