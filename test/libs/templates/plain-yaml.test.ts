import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { plainYaml } from '../../../libs/templates/check/plain-yaml.js';
import { readText } from '../../../libs/templates/check/read-text.js';

const sample = [
  'name: one # a comment',
  'title: "Two \\u0041 \\"words\\""',
  "says: 'it''s'",
  'text: >-',
  '  folded',
  '  lines',
  '',
  '  and more',
  'kept: |',
  '  as it',
  '    stands',
  'list: [1, -2.5, 0x1F, true, null, x y, "z"]',
  'map: { a: 1, "b": c, d: [e, { f: g }] }',
  'items:',
  '  - id: first',
  "    condition: a.b != 'c' AND d.e > 1e3",
  '    after: []',
  '  -',
  '    id: second',
  '    empty:',
  'last: plain text',
  '  that goes on',
  '',
].join('\n');

/** What is written, by the reader that knows the place of everything; undefined where it refuses the text. */
function reference(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false });
  if (document.errors.length + document.warnings.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    // An alias of what there is not is seen only then.
    return undefined;
  }
}

/** `-0` is 0 in JSON, and what is undefined is not there. */
const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

describe('what is read fast', () => {
  test('is most of what there is', () => {
    expect(plainYaml(sample)?.value).toEqual(reference(sample));
    for (const text of [
      'a: &x 1',
      'a: !!str 1',
      'a: *x',
      '--- a',
      'null: 1',
      '{ ~: 1 }',
      'a: 1e400',
      'a: 1\na: 2',
    ])
      expect(plainYaml(text), text).toBeUndefined();
  });

  test('is what the reader that knows the places reads, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.constantFrom('block' as const, 'flow' as const, 'any' as const),
        fc.constantFrom(
          'PLAIN' as const,
          'QUOTE_SINGLE' as const,
          'QUOTE_DOUBLE' as const,
          'BLOCK_LITERAL' as const,
        ),
        (value, collectionStyle, defaultStringType) => {
          const text = stringify(value, { collectionStyle, defaultStringType });
          const fast = plainYaml(text);
          if (fast) expect(asJson(fast.value)).toEqual(asJson(reference(text)));
          expect(asJson(readText(text).value)).toEqual(asJson(reference(text)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is what the other reads where a text is damaged and can still be read', () => {
    const signs = fc.constantFrom(...' \n\t:-?,[]{}#&*!|>\'"%@`~.0189exnult_+\\'.split(''));
    const edits = fc.array(
      fc.record({
        at: fc.nat(sample.length - 1),
        drop: fc.nat(3),
        insert: fc.array(signs, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (all) => {
        const text = all.reduce(
          (before, { at, drop, insert }) => before.slice(0, at) + insert.join('') + before.slice(at + drop),
          sample,
        );
        const fast = plainYaml(text);
        const other = reference(text);
        if (fast && other !== undefined) expect(asJson(fast.value)).toEqual(asJson(other));
      }),
      { numRuns: 3000 },
    );
  });

  test('is read for its places once, however much is said of it', () => {
    for (const text of [sample, '{"a": 1}', 'a: &x 1\n']) {
      const { places } = readText(text);
      expect(places()).toBe(places());
    }
  });

  test('is not held up by a text that is made to be slow', () => {
    for (const part of [' ', '\n', '- ', 'null ', '~\t', '[', '{a: ', '? ', 'e', '1e'])
      expect(() => plainYaml(part.repeat(200_000))).not.toThrow();
  });
});
