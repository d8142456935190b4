import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonNodes } from '../../../libs/merge/json-nodes.js';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const base = json({ name: 'a', scripts: { test: 'mocha', lint: 'old' }, files: ['a', 'b'] });

test('members in which versions differ are nodes, whatever is beside them', () => {
  const divided = jsonNodes(base, [
    json({ name: 'a', scripts: { test: 'node --test', lint: 'old' }, files: ['a', 'b'] }),
    json({ name: 'a', scripts: { test: 'mocha' }, files: ['a'], 'x/y': 1 }),
  ]);
  expect(divided?.nodes).toEqual([
    { pointer: '/scripts/test', base: '"mocha"', versions: ['"node --test"', '"mocha"'] },
    { pointer: '/scripts/lint', base: '"old"', versions: ['"old"', null] },
    { pointer: '/files', base: '["a","b"]', versions: ['["a","b"]', '["a"]'] },
    { pointer: '/x~1y', base: null, versions: [null, '1'] },
  ]);
});

test('what one version changed and what another changed come together in one text', () => {
  const divided = jsonNodes(base, [
    json({ name: 'a', scripts: { test: 'node --test', lint: 'old' }, files: ['a', 'b'] }),
    json({ name: 'a', scripts: { test: 'mocha' }, files: ['a', 'b'] }),
  ]);
  expect(divided?.assemble(['"node --test"', null])).toBe(
    json({ name: 'a', scripts: { test: 'node --test' }, files: ['a', 'b'] }),
  );
});

test.each([
  ['no JSON', '{ name: 1 }'],
  ['formatted in another way', '{"name":"a"}\n'],
  ['with another end', json({ name: 'b' }).trimEnd()],
  ['with a member twice', '{\n  "name": "b",\n  "name": "a"\n}\n'],
  ['something else than an object', '[]\n'],
])('a version that is %s is not divided by nodes', (_, version) => {
  expect(jsonNodes(json({ name: 'a' }), [version])).toBeUndefined();
});

test('members in another order are not divided by nodes, because the order would be lost', () => {
  expect(jsonNodes(json({ a: 1, b: 2 }), [json({ b: 2, a: 1 })])).toBeUndefined();
});

test('where it is divided, each version comes back byte for byte', () => {
  const values = fc.dictionary(
    fc.constantFrom('a', 'b', '1', '__proto__', 'x/y'),
    fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(fc.constantFrom('a', 'c'), fc.integer())),
  );
  let divided = 0;
  fc.assert(
    fc.property(values, fc.array(values, { minLength: 1, maxLength: 3 }), (before, after) => {
      const texts = after.map(json);
      const found = jsonNodes(json(before), texts);
      if (!found) return;
      divided += 1;
      for (const [index, text] of texts.entries())
        expect(found.assemble(found.nodes.map((node) => node.versions[index] ?? null))).toBe(text);
    }),
  );
  expect(divided).toBeGreaterThan(10);
});
