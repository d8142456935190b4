import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FactPath } from '../../../../libs/contracts/condition.js';
import { factsIn, parseCondition } from '../../../../libs/graph/conditions/parse-condition.js';
import { printCondition, printFact } from '../../../../libs/graph/conditions/print-condition.js';
import { expressionOf, expressionsOver, parsed } from './conditions.js';

const roots = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/),
  fc.constantFrom('in', 'not', 'exists', 'true', 'and-b'),
);
const names = fc.oneof(fc.stringMatching(/^[\w-]{1,5}$/), fc.string({ unit: 'binary', maxLength: 4 }));
const paths: fc.Arbitrary<FactPath> = fc
  .tuple(roots, fc.array(names, { minLength: 1, maxLength: 3 }))
  .map(([root, further]) => [root, ...further]);

it('reads what it has printed as the same condition, and finds its facts where they stand', () => {
  fc.assert(
    fc.property(expressionsOver(paths), (expression) => {
      const text = printCondition(expression);
      fc.pre(text.length <= 2000);
      const result = parsed(text);
      expect(result.expression).toEqual(expression);
      for (const { fact, offset, length } of factsIn(result))
        expect(text.slice(offset, offset + length)).toBe(printFact(fact));
    }),
    { numRuns: 1000 },
  );
});

it('prints an AND or OR of a single part as that part', () => {
  const single = { op: 'or', of: [expressionOf('s.a AND s.b')] } as const;
  expect(printCondition({ op: 'and', of: [single, expressionOf('s.c')] })).toBe('(s.a AND s.b) AND s.c');
});

const pieces = fc.constantFrom(
  ...[
    'AND',
    'or',
    'NOT',
    'IN',
    'EXISTS',
    '(',
    ')',
    '[',
    ']',
    ',',
    '.',
    '==',
    '<',
    '-',
    '!',
    '=',
    's.a',
    't',
    '.b',
    '1',
    '-2e3',
  ],
  ...["'x'", '"y"', "'", '"', '\\', '\n', 'null', 'true', '§', '“', '["q"]'],
);

it('never throws, and each problem lies within the text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(pieces, { maxLength: 40 }).map((some) => some.join(' ')),
    fc.array(pieces, { maxLength: 40 }).map((some) => some.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseCondition(text);
      if (!('problems' in result)) return;
      expect(result.problems.length).toBeGreaterThan(0);
      for (const { offset, length, reason } of result.problems) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
        expect(reason).toMatch(/\.$/);
      }
    }),
    { numRuns: 2000 },
  );
});

it.each(['(', ')', 'NOT ', '[', 's.a[', 's.a IN [', "'", '\\', '-', '.', 's.a AND ', '((s.a) OR ', 's["'])(
  'answers at once to as many of %s as a condition has room for',
  (piece) => {
    const before = performance.now();
    expect(parseCondition(piece.repeat(2000 / piece.length))).toHaveProperty('problems');
    expect(performance.now() - before).toBeLessThan(2000);
  },
);
