import { describe, expect, test } from 'vitest';
import type { CapturedSubject } from '../../../../libs/contracts/subject.js';
import { assemblePackage } from '../../../../libs/packaging/assemble.js';
import { readAttestedRun } from '../../../../libs/packaging/attestations/attested-run.js';
import { lockedPackages } from '../../../../libs/packaging/attestations/locked-packages.js';
import { npmPurl } from '../../../../libs/packaging/attestations/npm-names.js';
import { provenance } from '../../../../libs/packaging/attestations/provenance.js';
import { deliveryRecord, smallDelivery } from '../../../support/small-delivery.js';
import { smallRun } from '../../../support/small-run.js';

const sha512 = 'ab'.repeat(64);
const integrity = `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;

async function dependenciesOf(captured: Partial<CapturedSubject>): Promise<unknown> {
  const delivery = await smallDelivery(await smallRun());
  const { small, input, merged } = delivery;
  const { store, run, accepted } = small;
  const staged = await store.putJson(await assemblePackage(store, { run, input, merged }));
  const record = await deliveryRecord(delivery, staged);
  const read = await readAttestedRun(store, { run, staged, record });
  const changed = { ...read, accepted: { ...accepted, captured: { ...accepted.captured, ...captured } } };
  const { predicate } = provenance(changed, []);
  return predicate;
}

describe('where a subject comes from', () => {
  test.each<[string, Partial<CapturedSubject>, object]>([
    [
      'an npm package by its package URL and SHA-512',
      { subject: { kind: 'npm', name: '@scope/ejs', version: '1.0.0' }, integrity },
      { name: 'subject.source', uri: 'pkg:npm/%40scope/ejs@1.0.0', digest: { sha512 } },
    ],
    [
      'a git repository by its commit',
      { subject: { kind: 'git', url: 'https://example.org/a.git' }, commit: 'c'.repeat(40) },
      {
        name: 'subject.source',
        uri: 'git+https://example.org/a.git',
        digest: { gitCommit: 'c'.repeat(40) },
      },
    ],
    [
      'a local git repository by its commit',
      { subject: { kind: 'git', url: '/srv/a.git' }, commit: 'c'.repeat(40) },
      { name: 'subject.source', uri: 'git+file:///srv/a.git', digest: { gitCommit: 'c'.repeat(40) } },
    ],
  ])('is told of %s', async (_, captured, expected) => {
    expect(await dependenciesOf(captured)).toMatchObject({
      buildDefinition: { resolvedDependencies: expect.arrayContaining([expected]) },
    });
  });
});

test('what a lock names is told by package URL and SHA-512, an alias by its own name', async () => {
  const { store, assignment } = await smallRun();
  const lock = await store.putJson({
    lockfileVersion: 3,
    packages: {
      '': { name: 'subject' },
      'node_modules/b': { version: '2.0.0', integrity: `sha1-aaaa ${integrity}` },
      'node_modules/a': { name: '@real/a', version: '1.0.0', integrity },
      'node_modules/a/node_modules/c': { version: '3.0.0-rc.1+x', integrity },
      'node_modules/bundled': { version: '1.0.0', inBundle: true },
    },
  });
  const tree = { digest: lock.digest, files: 0, bytes: 0 };
  const dependencies = { lock, tree, packages: [] };
  expect(await lockedPackages(store, { ...assignment, dependencies })).toEqual([
    { name: 'node_modules/a', uri: 'pkg:npm/%40real/a@1.0.0', sha512 },
    { name: 'node_modules/a/node_modules/c', uri: 'pkg:npm/c@3.0.0-rc.1%2Bx', sha512 },
    { name: 'node_modules/b', uri: 'pkg:npm/b@2.0.0', sha512 },
  ]);
  expect(await lockedPackages(store, assignment)).toEqual([]);
});

test('a package URL escapes what would end a part of it', () => {
  expect(npmPurl('a b', '1?2#3')).toBe('pkg:npm/a%20b@1%3F2%233');
});
