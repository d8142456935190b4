import { expect, test } from 'vitest';
import { layout } from '../../../libs/packaging/layout.js';
import { packagePathProblem } from '../../../libs/packaging/package-path.js';

test.each([
  'report.html',
  'reports/items/improve-a.json',
  'evidence/verdicts/3-execute-A.json',
  'artifacts/files/.eslintrc',
  'artifacts/files/docs/read me.md',
  'artifacts/files/süß/@scope/a+b.js',
  'artifacts/files/seal/seal.json',
])('%s can be listed', (path) => {
  expect(packagePathProblem(path)).toBeUndefined();
});

test.each([
  '',
  '../out.txt',
  '/etc/out.txt',
  'a/../../out.txt',
  'a\u0000b',
  'artifacts/files/',
  'artifacts/files/../../out.txt',
  'artifacts/files//etc',
  'artifacts/files/a\nb',
  'artifacts/my file',
])('%j leads elsewhere', (path) => {
  expect(packagePathProblem(path)).toContain('is not a path');
});

test.each([
  layout.receipt,
  layout.reports.staged,
  layout.evidence.keys,
  layout.manifest.json,
  layout.attestations.provenance,
  'Manifest/more.json',
  'SEAL/seal.json',
  'histories/run.json',
])('%s is what comes after the manifest', (path) => {
  expect(packagePathProblem(path)).toContain('keeps for itself');
});
