import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideByScope, scopes } from '../../../../../libs/agents/builtin/improver/divide-by-scope.js';

const point = (kind: string, file: string) => ({ kind, file, detail: '' });
const divided = (
  library: string[],
  imports: [from: string, to: string][],
  integrationPoints: ReturnType<typeof point>[],
) =>
  Object.fromEntries(
    divideByScope(library, { imports: imports.map(([from, to]) => ({ from, to })), integrationPoints }),
  );

describe('the critical path', () => {
  test('is the entry points and what two or more of its files import', () => {
    const files = divided(
      ['index.js', 'a.js', 'b.js', 'shared.js', 'once.js', 'alone.js'],
      [
        ['index.js', 'a.js'],
        ['index.js', 'b.js'],
        ['a.js', 'shared.js'],
        ['b.js', 'shared.js'],
        ['a.js', 'once.js'],
        ['alone.js', 'once.js'],
      ],
      [point('entry', 'index.js')],
    );
    expect(files).toMatchObject({ 'index.js': 'core', 'shared.js': 'core' });
    // Imported twice, but once only by files that the entry point leads to.
    expect(files).toMatchObject({ 'once.js': 'support', 'a.js': 'support', 'alone.js': 'support' });
  });

  test('leaves out what fewer files import than on average', () => {
    const users = ['u1.js', 'u2.js', 'u3.js', 'u4.js', 'u5.js', 'u6.js'];
    const files = divided(
      [...users, 'hub.js', 'pair.js'],
      [
        ...users.map((user): [string, string] => [user, 'hub.js']),
        ['u1.js', 'pair.js'],
        ['u2.js', 'pair.js'],
      ],
      users.map((user) => point('entry', user)),
    );
    expect(files).toMatchObject({ 'hub.js': 'core', 'pair.js': 'support' });
  });

  test('goes through entry points that only hand on', () => {
    const files = divided(
      ['index.js', 'main.js', 'inner.js', 'a.js', 'b.js'],
      [
        ['index.js', 'main.js'],
        ['main.js', 'inner.js'],
        ['inner.js', 'a.js'],
        ['inner.js', 'b.js'],
        ['a.js', 'a.js'],
      ],
      [point('entry', 'index.js')],
    );
    const core = Object.keys(files).filter((file) => files[file] === 'core');
    expect(core).toEqual(['index.js', 'main.js', 'inner.js']);
  });

  test('begins where nothing imports a file, when package.json names no file of the library', () => {
    const files = divided(
      ['main.js', 'one.js', 'two.js'],
      [
        ['main.js', 'one.js'],
        ['main.js', 'two.js'],
      ],
      [point('entry', 'dist/main.js')],
    );
    expect(files).toEqual({ 'main.js': 'core', 'one.js': 'support', 'two.js': 'support' });
  });
});

test('a file that meets the world is integration, unless it is on the critical path', () => {
  const files = divided(
    ['index.js', 'disk.js', 'plain.js'],
    [
      ['index.js', 'disk.js'],
      ['index.js', 'plain.js'],
    ],
    [point('entry', 'index.js'), point('network', 'index.js'), point('file-system', 'disk.js')],
  );
  expect(files).toEqual({ 'index.js': 'core', 'disk.js': 'integration', 'plain.js': 'support' });
});

test('every file of the library is in exactly one scope, and nothing else is in one', () => {
  const file = fc.constantFrom(...'abcdefghij'.split('').map((name) => `${name}.js`));
  const kind = fc.constantFrom('entry', 'binary', 'network', 'process', 'file-system', 'environment');
  fc.assert(
    fc.property(
      fc.uniqueArray(file),
      fc.array(fc.record({ from: file, to: file })),
      fc.array(fc.record({ kind, file, detail: fc.constant('') })),
      (library, imports, integrationPoints) => {
        const scopeOf = divideByScope(library, { imports, integrationPoints });
        const members = scopes.flatMap((scope) => library.filter((name) => scopeOf.get(name) === scope));
        expect(members.sort()).toEqual([...library].sort());
        expect(scopeOf.size).toBe(library.length);
        if (library.length > 0 && imports.length === 0) expect([...scopeOf.values()]).toContain('core');
      },
    ),
  );
});
