import { expect, it } from 'vitest';
import { findSecrets } from '../../../libs/secrets/find-secrets.js';

it('finds what looks like a secret, with its rule and line', async () => {
  const value = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
  expect(await findSecrets(`// nothing\nconst token = '${value}';\n`, 'a.js')).toEqual([
    { rule: 'github/GITHUB_TOKEN', line: 2, value },
  ]);
});

it('finds nothing in plain text', async () => {
  expect(await findSecrets('mocha --require should test/ejs.js', 'request.txt')).toEqual([]);
});
