import { describe, expect, test } from 'vitest';
import { findSites } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { placesFor } from '../../support/places.js';

async function sites(code: string) {
  return await findSites(placesFor({ 'lib/a.js': code }).workspace, ['lib/a.js']);
}
const repeated = async (code: string) =>
  (await sites(code)).filter(({ rule }) => rule === 'cache-computation');

describe('a repeated computation is safe to keep', () => {
  test.each<[string, string]>([
    ['in a condition and behind it', 'function f(s) { if (s.trim() === "") return 0; return s.trim(); }'],
    ['twice in one expression', 'function f(s) { return s.trim() + s.trim(); }'],
    ['of numbers', 'function f(a, b) { var c = Math.max(a, b); return c + Math.max(a, b); }'],
    [
      'where a text is certain, whatever is called between',
      'function f(x) { var s = String(x); g(s.trim()); return s.trim(); }',
    ],
  ])('%s', async (_name, code) => {
    expect(await repeated(code)).toEqual([expect.objectContaining({ safe: true, reasons: [] })]);
  });
});

describe('a repeated computation is refused', () => {
  test.each<[string, string, RegExp]>([
    [
      'where the first time is under a condition',
      'function f(s, b) { if (b) { g(s.trim()); } return s.trim(); }',
      /not always reached/,
    ],
    [
      'where something is called between that may change it',
      'function f(s) { var a = s.trim(); g(); return a + s.trim(); }',
      /Between, "g\(\)" is called/,
    ],
    [
      'where something is done before it in the statement',
      'function f(s) { g() + s.trim(); return s.trim(); }',
      /Before it, "g\(\)"/,
    ],
    [
      'of a list that grows between',
      'function f() { var a = []; var b = String(a); a.push(1); return b + String(a); }',
      /Between, "a.push\(1\)" is called/,
    ],
    [
      'of a list where an element is written to between that may be its own',
      'function f(a, c) { var b = String(a); c[0] = 1; return b + String(a); }',
      /Between, "c\[0\]" is written to/,
    ],
    [
      'in a loop that comes later',
      'function f(s) { var a = s.trim(); for (;;) { a += s.trim(); s = ""; } }',
      /in the loop of line 1/,
    ],
    [
      'where another function assigns a part',
      'function f(x) { var s = String(x); const cut = () => { s = "b"; }; var a = s.trim(); cut(); return a + s.trim(); }',
      /assigned in another function/,
    ],
  ])('%s', async (_name, code, reason) => {
    const [site] = await repeated(code);
    expect(site).toMatchObject({ safe: false });
    expect(site?.reasons.join('\n')).toMatch(reason);
  });
});

test('computations are not the same where a part is assigned between, or the variable is another', async () => {
  expect(await repeated('function f(s) { var a = s.trim(); s = g(); return a + s.trim(); }')).toEqual([]);
  expect(await repeated('function f(s) { { let s = "a"; g(s.trim()); } return s.trim(); }')).toEqual([]);
  expect(await repeated('function f(s) { return s.trim(); } function g(s) { return s.trim(); }')).toEqual([]);
});

test('chance, lists and unknown methods are no computations', async () => {
  expect(await repeated('function f(s) { return Math.random(s) + Math.random(s); }')).toEqual([]);
  expect(
    await repeated('function f(s) { return [s.split(","), s.split(","), s.next(), s.next()]; }'),
  ).toEqual([]);
});

test('regular expressions and modules that a loop makes anew are found, and not those made once', async () => {
  const found = await sites(
    'function f(w) { for (const x of w) { new RegExp(x).test(x); require("fs"); } while (g) h(() => RegExp("a")); }',
  );
  expect(found.map(({ rule, safe }) => ({ rule, safe }))).toEqual([
    { rule: 'regexp-in-loop', safe: false },
    { rule: 'require-in-loop', safe: false },
  ]);
  expect(
    await sites('for (let p = new RegExp("a"); p.test(t); ) t = g(); for (const k in require("k")) t += k;'),
  ).toEqual([]);
});
