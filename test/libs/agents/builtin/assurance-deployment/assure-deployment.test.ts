import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assureDeployment } from '../../../../../libs/agents/builtin/assurance-deployment/assure-deployment.js';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { openStore } from '../../../../../libs/artifacts/open-store.js';
import { snapshot } from '../../../../../libs/artifacts/snapshot/snapshot.js';
import { deploymentReportSchema } from '../../../../../libs/contracts/reports/assurance.js';
import { placesFor, taskWith, tiny, writeFiles } from '../../support/places.js';

const key = '0123456789abcdef';

async function reportOn(places: Places, parameters: Record<string, unknown> = {}) {
  const { outcome } = await assureDeployment(places, taskWith({ secretsKey: key, ...parameters }));
  return deploymentReportSchema.parse(outcome);
}

async function assured(files: string | Record<string, string>, changes: Record<string, string> = {}) {
  const places = placesFor(files);
  writeFiles(places.workspace, changes);
  return await reportOn(places);
}

const unmet = ({ checks }: { checks: { id: string; met: boolean }[] }): string[] =>
  checks.filter(({ met }) => !met).map(({ id }) => id);

const complete = {
  name: '@some/subject',
  version: '1.0.0-rc.1',
  description: 'Does something.',
  license: 'MIT',
  engines: { node: '>=20' },
  main: 'lib/index',
  bin: { run: './bin/run.js' },
  files: ['lib', './bin/', '*.d.ts', '!lib/x.js'],
};
const files = (more: object = {}) => ({
  'package.json': JSON.stringify({ ...complete, ...more }),
  'lib/index.js': '',
  'index.d.ts': '',
  'bin/run.js': '#!/usr/bin/env node\n',
  'test/a.js': '',
  LICENSE: 'MIT',
});

test('a package with everything is ready', async () => {
  const report = await assured(files());
  expect(unmet(report)).toEqual([]);
  expect(report).toMatchObject({ readiness: 'ready', blockers: 0, warnings: 0, introduced: 0 });
  expect(report.published.files).toBe(5);
});

test.each([
  ['name', { name: 'Some Subject' }],
  ['version', { version: '1.0' }],
  ['public', { private: true }],
  ['entries', { main: 'dist/index.js' }],
  ['binaries', { bin: { run: 'lib/index.js' } }],
  ['binaries', { bin: { run: '../run.js' } }],
])('without a usable %s it is blocked, and was not before', async (id, more) => {
  const report = await assured(files(), files(more));
  expect(unmet(report)).toEqual([id]);
  expect(report).toMatchObject({ readiness: 'blocked', blockers: 1, introduced: 1 });
});

test.each([
  ['description', { description: ' ' }],
  ['engines', { engines: {} }],
  ['licence', { license: 'see the file' }],
  ['files', { files: ['lib', 'nowhere', 'none/*.js'] }],
  ['no-tests', { files: ['lib', 'test'] }],
])('without a usable %s it goes out with a warning', async (id, more) => {
  const report = await assured(files(), files(more));
  expect(unmet(report)).toEqual([id]);
  expect(report).toMatchObject({ readiness: 'conditional', blockers: 0, warnings: 1 });
});

test('what was amiss before the change is said, and not held against it', async () => {
  const report = await assured(tiny);
  expect(unmet(report)).toEqual(['engines', 'no-tests']);
  expect(report).toMatchObject({ readiness: 'conditional', introduced: 0 });
});

test('a secret blocks where it would be published', async () => {
  const secret = `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(8)}\n-----END RSA ${'PRIVATE'} KEY-----\n`;
  expect(unmet(await assured(files(), { 'lib/key.txt': secret }))).toEqual(['no-secrets']);
  expect(unmet(await assured(files(), { 'elsewhere/key.txt': secret }))).toEqual([]);
  const places = placesFor({ ...files(), 'lib/key.txt': secret });
  expect(unmet(await reportOn(places, { narrow: true }))).toEqual([]);
});

test('one goes back to the snapshot under which the captured subject is kept', async () => {
  const places = placesFor(tiny);
  chmodSync(join(places.before, 'index.js'), 0o755);
  symlinkSync('index.js', join(places.before, 'link.js'));
  writeFiles(places.workspace, { 'index.js': 'changed' });
  const { rollback } = await reportOn(places);
  const kept = await snapshot(openStore(join(places.scratch, 'store')), places.before);
  expect(rollback).toEqual({ snapshot: kept.digest, files: kept.files, bytes: kept.bytes });
});
