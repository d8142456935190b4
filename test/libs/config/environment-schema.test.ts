import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { environmentSchema, settingName } from '../../../libs/config/environment-schema.js';

it('every setting is in the reference, and the reference has no other', async () => {
  const text = await readFile(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| `(HEPTAD_\w+)` \|/gm)].map(([, name]) => name);
  expect(documented.sort()).toEqual(Object.keys(environmentSchema.shape).map(settingName).sort());
});
