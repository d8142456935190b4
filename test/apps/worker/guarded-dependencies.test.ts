import { expect, test } from 'vitest';
import { dependencyOf } from '../../../apps/worker/guarded-dependencies.js';

test.each([
  ['runAgent', { agent: { id: 'validator' } }, 'agent validator'],
  ['judgePhase', { pass: 'B' }, 'verifier B'],
  ['captureSubject', { source: 'git.example' }, 'subjects from git.example'],
  ['fetchDependencies', {}, 'package registry'],
])('%s stands under the breaker of what it needs', (activity, argument, dependency) => {
  expect(dependencyOf(activity, [argument])).toBe(dependency);
});

test('what needs nothing but this process stands under no breaker', () => {
  expect(dependencyOf('writeRecord', [{}])).toBeUndefined();
});
