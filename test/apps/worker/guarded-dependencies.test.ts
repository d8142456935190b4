import { expect, test } from 'vitest';
import { dependencyOf } from '../../../apps/worker/guarded-dependencies.js';

test.each([
  ['runAgent', { agent: { id: 'validator' } }, 'agent validator'],
  ['judgePhase', { pass: 'B', phase: 'ingest' }, 'verifier B of ingest'],
  ['captureSubject', { source: 'git.example' }, 'subjects from git.example'],
  ['fetchDependencies', {}, 'package registry'],
  ['deliverTo', { target: { kind: 's3', bucket: 'packages', prefix: 'a/' } }, 'delivery to s3://packages'],
  [
    'deliverTo',
    { target: { kind: 'git', url: 'https://git.example/a.git', branch: 'b' } },
    'delivery to https://git.example/a.git',
  ],
  ['deliverTo', { target: { kind: 'folder', path: '/srv' } }, 'delivery to /srv'],
])('%s stands under the breaker of what it needs', (activity, argument, dependency) => {
  expect(dependencyOf(activity, [argument])).toBe(dependency);
});

test('what needs nothing but this process stands under no breaker', () => {
  expect(dependencyOf('writeRecord', [{}])).toBeUndefined();
});
