import { expect, test } from 'vitest';
import { licenceOf } from '../../../../../libs/agents/builtin/subject/licence-of.js';

test.each([
  [{ license: 'MIT' }, 'MIT'],
  [{ license: { type: 'ISC', url: 'https://example.org' } }, 'ISC'],
  [{ licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, '(MIT OR Apache-2.0)'],
  [{ licenses: [{ type: 'MIT' }] }, 'MIT'],
  [{ license: '' }, null],
  [{ license: 7 }, null],
  [{}, null],
])('%j declares %s', (declared, licence) => {
  expect(licenceOf(declared)).toBe(licence);
});
