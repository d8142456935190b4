import { describe, expect, test } from 'vitest';
import type { PackageReport } from '../../../libs/contracts/package-check.js';
import { checkFolder } from '../../../libs/package-check/check-package.js';
import { type PackageFolder, readFolder } from '../../../libs/package-check/read-folder.js';
import { type GenuineRun, genuineRun } from '../../support/genuine-package/genuine-run.js';
import { plainRun, type Shape } from '../../support/plain-run.js';

const testResult = 'attestations/test-result.json';

const packageOf = (shape: Shape, sealed = true): Promise<GenuineRun> =>
  genuineRun({ sealed, small: (run) => plainRun({ run, shape }) });

const check = (folder: PackageFolder, { pinned }: GenuineRun): Promise<PackageReport> =>
  checkFolder(folder, { pinned });

const failed = ({ checks }: PackageReport): string[] =>
  checks.filter(({ state }) => state === 'failed').map(({ check: name }) => name);

describe.each(['reports', 'chain'] as const)('a genuine package of %s', (shape) => {
  test('is proven, without an attestation of tests', async () => {
    const run = await packageOf(shape);
    const folder = await readFolder(run.folder);
    expect(folder.files.has(testResult)).toBe(false);
    const report = await check(folder, run);
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ proven: true, sealed: true, decision: 'PROCEED' });
    expect(report.checks.map(({ check: name }) => name)).not.toContain('attestation-test-result');
    expect(report.checks.find(({ check: name }) => name === 'delivered')?.state).toBe('proven');
  });

  test('has nothing that failed before it is sealed', async () => {
    const run = await packageOf(shape, false);
    expect(failed(await check(await readFolder(run.folder), run))).toEqual([]);
  });

  test('is not proven with an attestation of tests that nobody ran', async () => {
    const run = await packageOf(shape);
    const folder = await readFolder(run.folder);
    const other = folder.files.get('attestations/provenance.json');
    if (!other) throw new Error('There is no provenance.');
    const files = new Map(folder.files).set(testResult, { ...other, path: testResult });
    expect(failed(await check({ ...folder, files }, run))).toContain('complete');
  });
});

test('a package of which tests were run is not proven without the attestation of them, whatever it says', async () => {
  const run = await genuineRun();
  const folder = await readFolder(run.folder);
  const files = new Map(folder.files);
  files.delete(testResult);
  expect(failed(await check({ ...folder, files }, run))).toEqual(
    expect.arrayContaining(['complete', 'attestation-test-result', 'attested']),
  );
  const staged = files.get('reports/deliver.json');
  if (!staged?.bytes) throw new Error('There is nothing staged.');
  const bytes = Buffer.from(
    JSON.stringify({ ...JSON.parse(staged.bytes.toString('utf8')), validation: null }),
  );
  files.set('reports/deliver.json', { ...staged, bytes });
  expect(failed(await check({ ...folder, files }, run))).toContain('attested');
});
