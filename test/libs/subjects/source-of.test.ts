import { expect, test } from 'vitest';
import type { Subject } from '../../../libs/contracts/subject.js';
import { sourceOf } from '../../../libs/subjects/source-of.js';

test.each<[Subject, string]>([
  [{ kind: 'npm', name: 'ejs', version: '1.0.0' }, 'npm'],
  [{ kind: 'directory', path: '/some/where' }, 'local'],
  [{ kind: 'git', url: 'https://git.example/a/b.git' }, 'git.example'],
  [{ kind: 'git', url: 'git@git.example:a/b.git' }, 'git.example'],
  [{ kind: 'git', url: 'file:///some/where.git' }, 'local'],
  [{ kind: 'git', url: '/some/where.git' }, 'local'],
  [{ kind: 'text', text: 'npm:ejs' }, 'text'],
])('%o comes from %s', (subject, source) => {
  expect(sourceOf(subject)).toBe(source);
});
