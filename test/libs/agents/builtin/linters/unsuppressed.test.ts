import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unsuppressed } from '../../../../../libs/agents/builtin/linters/unsuppressed.js';
import { placesFor } from '../../support/places.js';

test('files without a comment that hides findings are linted where they are', () => {
  const places = placesFor({ 'a.js': '// Disable this, and ignore that.\n' });
  expect(unsuppressed(places, ['a.js'])).toBe(places);
  expect(readdirSync(places.scratch)).toEqual([]);
});

test('comments that hide findings are broken in a copy, where every other byte stays in its place', () => {
  const files = {
    'lib/a.js':
      '/* eslint-disable */ a(); // oxlint-disable-next-line\n/* biome-ignore-all lint: é \ud83d\ude00 */\n',
    'b.js': 'b();\n',
  };
  const places = placesFor(files);
  const { workspace } = unsuppressed(places, Object.keys(files));
  expect(readFileSync(join(workspace, 'lib/a.js'), 'utf8')).toBe(
    '/* eslint_disable */ a(); // oxlint_disable-next-line\n/* biome_ignore-all lint: é \ud83d\ude00 */\n',
  );
  expect(readFileSync(join(workspace, 'b.js'), 'utf8')).toBe(files['b.js']);
  expect(readFileSync(join(places.workspace, 'lib/a.js'), 'utf8')).toBe(files['lib/a.js']);
});
