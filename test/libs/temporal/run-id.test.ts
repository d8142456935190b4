import { describe, expect, test } from 'vitest';
import { runIdOf, runIdPattern } from '../../../libs/temporal/run-id.js';

describe('the id of a run', () => {
  test('is the same for the same tenant and key, in this version and later ones', () => {
    expect(runIdOf('local', 'no-worker')).toBe('bzxuwkwr5lsnsc5mqakbvyui3k');
  });

  test('differs by tenant and by key, and where both are joined in another place', () => {
    const ids = [
      runIdOf('a', 'b'),
      runIdOf('a', 'c'),
      runIdOf('b', 'b'),
      runIdOf('ab', ''),
      runIdOf('', 'ab'),
      runIdOf('a","b', 'c'),
      runIdOf('a', 'b","c'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(['', 'a key', 'ü', '/'.repeat(255)])('has its form for the key %j', (key) => {
    expect(runIdOf('local', key)).toMatch(runIdPattern);
  });
});
