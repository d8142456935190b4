import { describe, expect, test } from 'vitest';
import { findSites } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { placesFor } from '../../support/places.js';

async function bounds(code: string) {
  const sites = await findSites(placesFor({ 'lib/a.js': code }).workspace, ['lib/a.js']);
  return sites.filter(({ rule }) => rule === 'cache-loop-length');
}

describe('a length in the condition of a loop is safe to keep', () => {
  test.each<[string, string]>([
    ['of a parameter that is only read', 'function f(a) { for (var i = 0; i < a.length; i++) t += a[i]; }'],
    [
      'of a list of the function',
      'function f(s) { var a = s.split(","); for (var i = 0; i < a.length; i++) g(a[i]); }',
    ],
    [
      'of a text, whatever is called',
      'function f(x) { var s = String(x); for (let i = 0; i < s.length; i++) g(s); }',
    ],
    [
      'while another list of the function grows',
      'function f(a) { var b = []; for (let i = 0; i < a.length; i++) b.push(a[i]); return b; }',
    ],
    [
      'while harmless functions of the language are called',
      'function f(a) { for (let i = 0; i < a.length; i++) t += Math.max(a[i], Number(a[i])); }',
    ],
    [
      'while a function of the file is called that only computes',
      'function g(x) { return x * 2; } function f(a) { for (let i = 0; i < a.length; i++) t += g(a[i]); }',
    ],
    [
      'of a list of the file that nothing else changes, whatever is called',
      'const a = [1, 2]; exports.f = (g) => { for (let i = 0; i < a.length; i++) g(a[i]); };',
    ],
    [
      'in a condition that asks for more',
      'function f(a, b) { for (let i = 0; i < a.length && b; i++) t += a[i]; }',
    ],
    [
      'from the end of a loop without a beginning',
      'function f(a) { var i = 0; for (; a.length - 1 >= i; i++) t += a[i]; }',
    ],
    [
      'while elements of elements are written to',
      'function f(a) { for (let i = 0; i < a.length; i++) a[i].seen = true; }',
    ],
  ])('%s', async (_name, code) => {
    expect(await bounds(code)).toEqual([expect.objectContaining({ safe: true, reasons: [] })]);
  });
});

describe('a length in the condition of a loop is refused', () => {
  const loop = (body: string, before = '', after = ''): string =>
    `function f(a, g) { ${before} for (let i = 0; i < a.length; i++) { ${body} } ${after} }`;
  test.each<[string, string, RegExp]>([
    ['where the list grows', loop('a.push(1);'), /"a.push" is called/],
    ['where the list shrinks', loop('if (a[i]) a.splice(i, 1);'), /"a.splice" is called/],
    [
      'where an element is written to, which may be a new one',
      loop('a[i + 1] = 0;'),
      /"a\[i \+ 1\]" is written to/,
    ],
    ['where the length is written to', loop('a.length = 0;'), /"a.length" is written to/],
    ['where an element is removed', loop('delete a[i];'), /"a\[i\]" is written to/],
    ['where another list takes its place', loop('a = a[i];'), /"a" is assigned in the loop/],
    ['where another list takes its place by destructuring', loop('[a] = a;'), /"a" is assigned in the loop/],
    ['where the list is passed on', loop('g(a);'), /"a" is passed on/],
    [
      'where the list gets another name',
      loop('const b = a; b.push(1);'),
      /"a" is passed on or gets another name/,
    ],
    ['where a function is called that may have the list', loop('g(i);'), /calls "g\(i\)"/],
    ['where a method is called that may have the list', loop('this.next(i);'), /calls "this.next\(i\)"/],
    [
      'where something is constructed by code that may have the list',
      loop('new g(i);'),
      /calls "new g\(i\)"/,
    ],
    [
      'where a generator waits',
      `function* f(a) { for (let i = 0; i < a.length; i++) { yield a[i]; } }`,
      /calls "yield a\[i\]"/,
    ],
    [
      'where an async function waits',
      `async function f(a) { for (let i = 0; i < a.length; i++) { await 1; } }`,
      /calls "await 1"/,
    ],
    [
      'where an unknown list is written to, which may be the same',
      loop('g[i] = a[i];'),
      /may be the same object/,
    ],
    ['where a method of the list is called that calls back', loop('a.forEach(g);'), /"a.forEach" is called/],
    ['where a function within the loop changes it', loop('h(() => a.pop());'), /"a.pop" is called/],
    [
      'where a function elsewhere changes it and is called',
      'function f() { var a = [1, 2]; function grow() { a.push(1); } for (let i = 0; i < a.length; i++) grow(); }',
      /In another function "a.push" is called, and the loop calls "grow\(\)"/,
    ],
    [
      'where a function elsewhere assigns it and is called',
      'function f(s) { var a = String(s); const cut = () => { a = ""; }; for (let i = 0; i < a.length; i++) cut(); }',
      /assigned in another function/,
    ],
    [
      'where a function of the file changes what it is given',
      'function g(x) { x[9] = 1; } function f(a) { for (let i = 0; i < a.length; i++) g(a[i]); }',
      /calls "g\(a\[i\]\)"/,
    ],
    [
      'where the length is read only under a condition',
      'function f(a, b) { for (let i = 0; b && i < a.length; i++) t += 1; }',
      /read only where what stands before it holds/,
    ],
    ['where arguments may be assigned', loop('t += 1;', 'arguments[0] = [];'), /"arguments"/],
    ['where code is made at run time', loop('t += 1;', 'eval(g);'), /made at run time/],
    [
      'where the loop declares nothing',
      'function f(a) { var i; for (i = 0; i < a.length; i++) t += a[i]; }',
      /no variable can be declared/,
    ],
    ['of a while loop', 'function f(a) { var i = 0; while (i < a.length) i++; }', /no for loop/],
    [
      'of something that the file does not declare',
      'for (let i = 0; i < a.length; i++) t += 1;',
      /no variable of this file/,
    ],
    [
      'of a list that the function around has returned before the loop runs',
      'function f(g) { var a = [1]; f.walk = function () { for (let i = 0; i < a.length; i++) g(i); }; return a; }',
      /calls "g\(i\)", which may change what "a" holds/,
    ],
    [
      'of a list that was given away before',
      'function f() { var a = []; g(a); for (let i = 0; i < a.length; i++) h(); }',
      /calls "h\(\)"/,
    ],
  ])('%s', async (_name, code, reason) => {
    const [site, ...others] = await bounds(code);
    expect(others).toEqual([]);
    expect(site).toMatchObject({ safe: false });
    expect(site?.reasons.join('\n')).toMatch(reason);
  });
});

test('a length that is kept already, that of a property, and files that cannot be read are not found', async () => {
  expect(await bounds('function f(a) { for (let i = 0, n = a.length; i < n; i++) g(a); }')).toEqual([]);
  expect(await bounds('function f(o) { for (let i = 0; i < o.list.length; i++) g(i); }')).toEqual([]);
  expect(await bounds('function f( {')).toEqual([]);
});

test('a place is known again by its key when lines have moved', async () => {
  const code = 'function f(a) { for (let i = 0; i < a.length; i++) t += a[i]; }';
  const [[first], [moved]] = [await bounds(code), await bounds(`\n\n// moved\n${code}`)];
  expect(moved).toEqual({ ...first, line: 4 });
  const twice = await bounds(
    `function f(a) { ${'for (let i = 0; i < a.length; i++) t += a[i]; '.repeat(2)} }`,
  );
  expect(new Set(twice.map(({ key }) => key)).size).toBe(2);
});
