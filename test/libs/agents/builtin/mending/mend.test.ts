import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mend } from '../../../../../libs/agents/builtin/mending/mend.js';
import { findSites } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { placesFor, tiny } from '../../support/places.js';

const heptad = ['heptad/cache-loop-length', 'heptad/cache-computation'];

/** The code with every safe place done once, and the keys of those places. */
async function cached(code: string, keep: (key: string) => boolean = () => true) {
  const places = placesFor({ 'lib/a.js': code });
  const found = await findSites(places.workspace, ['lib/a.js']);
  const sites = found.filter(({ safe }) => safe).map(({ key }) => key);
  await mend(places, { rules: heptad, files: ['lib/a.js'], sites: sites.filter(keep) });
  return { text: readFileSync(join(places.workspace, 'lib/a.js'), 'utf8'), sites };
}

type Run = (a: number[], b: number[], given: string) => string;
const compiled = (code: string): Run => runInThisContext(`(() => { ${code}; return run; })()`) as Run;

describe('what is done again and again is kept in a variable', () => {
  test.each<[string, string, string]>([
    [
      'beside the counter of a loop',
      'function f(a) { for (var i = 0; i < a.length; i++) t += a[i]; }',
      'function f(a) { for (var i = 0, aLength = a.length; i < aLength; i++) t += a[i]; }',
    ],
    [
      'in a loop without a beginning',
      'function f(a) { let i = 0; for (; i < a.length; i++) t += a[i]; }',
      'function f(a) { let i = 0; for (let aLength = a.length; i < aLength; i++) t += a[i]; }',
    ],
    [
      'under a name that the file does not have',
      'function f(a, aLength) { for (let i = 0; i < a.length; i++) aLength += a[i]; }',
      'function f(a, aLength) { for (let i = 0, aLength2 = a.length; i < aLength2; i++) aLength += a[i]; }',
    ],
    [
      'of two loops, one in the other',
      'function f(a, b) { for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) t += a[i] * b[j]; }',
      'function f(a, b) { for (let i = 0, aLength = a.length; i < aLength; i++) for (let j = 0, bLength = b.length; j < bLength; j++) t += a[i] * b[j]; }',
    ],
    [
      'of two lists in one condition',
      'function f(a, b) { for (let i = 0; i < a.length + b.length; i++) t += i; }',
      'function f(a, b) { for (let i = 0, aLength = a.length, bLength = b.length; i < aLength + bLength; i++) t += i; }',
    ],
    [
      'before the statement that computes it first',
      'function f(s) {\n  if (s.trim() === "") return 0;\n  return s.trim();\n}',
      'function f(s) {\n  var sTrim = s.trim();\n  if (sTrim === "") return 0;\n  return sTrim;\n}',
    ],
  ])('%s', async (_name, code, wanted) => {
    expect((await cached(code)).text).toBe(wanted);
  });

  test('only in places that were approved, and only those that are safe', async () => {
    const loop = (body: string) => `function f(a) { for (let i = 0; i < a.length; i++) ${body} }\n`;
    const unsafe = loop('a.push(1);');
    const places = placesFor({ 'lib/a.js': unsafe });
    const keys = (await findSites(places.workspace, ['lib/a.js'])).map(({ key }) => key);
    await mend(places, { rules: heptad, files: ['lib/a.js'], sites: keys });
    expect(readFileSync(join(places.workspace, 'lib/a.js'), 'utf8')).toBe(unsafe);
    expect((await cached(loop('t += a[i];'), () => false)).text).toBe(loop('t += a[i];'));
  });
});

describe('rules of linters', () => {
  test('are applied to the files that are named, and no others are', async () => {
    const places = placesFor(tiny);
    const text = (file: string) => readFileSync(join(places.workspace, file), 'utf8');
    const before = text('lib/numbers.js');
    const tools = await mend(places, { rules: ['eslint/no-var'], files: ['lib/counter.js'], sites: [] });
    expect(tools).toEqual([{ name: 'eslint', version: expect.any(String) }]);
    expect(text('lib/counter.js')).not.toContain('var ');
    expect(text('lib/counter.js')).toContain("'at ' + this.value");
    expect(text('lib/numbers.js')).toBe(before);
  });

  test('of biome and oxlint are applied alone', async () => {
    const places = placesFor({
      'lib/a.js': 'var f = function () { return 1; };\nvar c = !!(f() in {});\nif (!c in f) f();\n',
    });
    const text = () => readFileSync(join(places.workspace, 'lib/a.js'), 'utf8');
    await mend(places, { rules: ['biome/lint/complexity/useArrowFunction'], files: ['lib/a.js'], sites: [] });
    expect(text()).toMatch(/^var f = \(\) => 1;|^var f = \(\) => \{/);
    expect(text()).toContain('!c in f');
    await mend(places, { rules: ['oxlint/eslint(no-unsafe-negation)'], files: ['lib/a.js'], sites: [] });
    expect(text()).toContain('!(c in f)');
  });

  test('of no tool that is known are refused', async () => {
    await expect(mend(placesFor(tiny), { rules: ['magic/x'], files: [], sites: [] })).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  });
});

describe('a loop gives the same with its length kept', () => {
  const statement = fc.constantFrom(
    'out.push(a[i]);',
    'sum += a[i];',
    'if (a[i] > 2) continue;',
    'if (a[i] === 7) break;',
    'i += a[i] % 2 === 0 ? 1 : 0;',
    'sum += Math.max(a[i], b.length);',
    'for (var j = 0; j < b.length; j++) { sum += a[i] * b[j]; }',
    'for (let k = 0; k < a.length; k++) { if (a[k] > sum) break; sum -= 1; }',
    'out.push(text.trim() + text.trim());',
    'for (let m = 0; m < text.length; m++) sum += text.charCodeAt(m);',
    'sum += helper(a[i]);',
    // What makes it unsafe: then the loop must stay as it is, and give the same for that reason.
    'if (a.length < 12) a.push(1);',
    'if (i === 1) a.pop();',
    'if (sum > 50) a = [];',
    'if (i > 2) shrink();',
    'if (i === 3) b[b.length] = 5;',
    'if (a[i] === 3) a.length = 0;',
  );
  const header = fc.constantFrom(
    'var i = 0; i < a.length; i++',
    'let i = 0; a.length > i; i += 1',
    'let i = 0; i <= a.length - 1; i++',
    'let i = 0; i !== a.length && i < 40; i++',
  );
  const program = fc.tuple(header, fc.array(statement, { minLength: 1, maxLength: 4 })).map(
    ([head, body]) =>
      `function helper(x) { return x * 2; }
function run(a, b, given) {
  var out = [];
  var sum = 0;
  var rounds = 0;
  var text = String(given);
  var shrink = function () { a.pop(); };
  for (${head}) {
    rounds++;
    if (rounds > 60) break;
    ${body.join('\n    ')}
  }
  return JSON.stringify([out, sum, rounds, a, b]);
}
`,
  );
  const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });

  test('on random lists, whatever its body does', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        program,
        fc.array(fc.tuple(numbers, numbers, fc.string()), { minLength: 5, maxLength: 5 }),
        async (code, inputs) => {
          const { text } = await cached(code);
          if (text !== code) changed += 1;
          const [original, kept] = [compiled(code), compiled(text)];
          for (const [a, b, given] of inputs) {
            expect(kept([...a], [...b], given)).toBe(original([...a], [...b], given));
            const [one, other] = [[...a], [...a]];
            expect(kept(one, one, given)).toBe(original(other, other, given));
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(30);
  }, 60_000);
});
