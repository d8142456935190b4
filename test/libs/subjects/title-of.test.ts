import { expect, test } from 'vitest';
import type { Subject } from '../../../libs/contracts/subject.js';
import { titleOf } from '../../../libs/subjects/title-of.js';

test.each<[Subject, string]>([
  [{ kind: 'npm', name: 'ejs', version: '1.0.0' }, 'npm:ejs@1.0.0'],
  [{ kind: 'directory', path: '/some/where' }, '/some/where'],
  [{ kind: 'git', url: 'https://git.example/a.git', ref: 'v1' }, 'https://git.example/a.git#v1'],
  [{ kind: 'text', text: 'Say\thow.\nMore of it.' }, 'text:Say how.'],
  [{ kind: 'text', text: 'a'.repeat(80) }, `text:${'a'.repeat(80)}`],
  [{ kind: 'text', text: 'a'.repeat(81) }, `text:${'a'.repeat(79)}…`],
  [{ kind: 'text', text: '\u{1f600}'.repeat(81) }, `text:${'\u{1f600}'.repeat(79)}…`],
])('%o is shown as %s', (subject, title) => {
  expect(titleOf(subject)).toBe(title);
});
