import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression, FactPath, FactValue } from '../../../../libs/contracts/condition.js';
import { declaredFacts, itemFacts } from '../../../../libs/graph/conditions/declared-facts.js';
import { evaluate } from '../../../../libs/graph/conditions/evaluate.js';
import { uncoveredExample } from '../../../../libs/graph/conditions/uncovered.js';
import { expressionOf } from './conditions.js';

const properties = {
  level: { enum: ['HIGH', 'MEDIUM', 'LOW'] },
  confidence: { type: 'number', minimum: 0, maximum: 1 },
  share: { type: 'number', minimum: 0, maximum: 1 },
  count: { type: 'integer' },
  other: { type: 'integer' },
  urgent: { type: 'boolean' },
  name: { type: 'string' },
  title: { type: 'string' },
  tags: { type: 'array', items: { type: 'string' } },
};
const risk = itemFacts({ type: 'object', properties });
const uncovered = (...texts: string[]) =>
  uncoveredExample(texts.map(expressionOf), (root) => (root === 'risk' ? risk : undefined));

describe('branches that leave something out', () => {
  it('are those of the example of a risk assessment', () => {
    expect(uncovered("risk.confidence > 0.8 AND risk.level == 'HIGH'", "risk.level == 'LOW'")).toEqual({
      'risk.confidence': 0.8,
      'risk.level': 'HIGH',
    });
  });

  it.each<[string[], Record<string, FactValue>]>([
    [["risk.level == 'HIGH'", "risk.level == 'LOW'"], { 'risk.level': 'MEDIUM' }],
    [['risk.confidence > 0.8', 'risk.confidence < 0.8'], { 'risk.confidence': 0.8 }],
    [['risk.count < 3', 'risk.count > 4', 'risk.count == 3'], { 'risk.count': 4 }],
    [['risk.urgent'], { 'risk.urgent': false }],
    [["risk.name == 'a'"], { 'risk.name': 'other' }],
    [["risk.name < 'a'", "risk.name > 'b'", "risk.name IN ['a', 'b']"], { 'risk.name': 'a-' }],
    [["'ui' IN risk.tags", "'api' IN risk.tags"], { 'risk.tags': [] }],
    [["NOT ('ui' IN risk.tags AND 'api' IN risk.tags)"], { 'risk.tags': ['ui', 'api'] }],
    [["risk.status == 'completed'"], { 'risk.status': 'failed' }],
    [['risk.code == null'], { 'risk.code': 'other' }],
    [['risk.count < risk.other', 'risk.count > risk.other'], { 'risk.count': 0, 'risk.other': 0 }],
    [['EXISTS risk.name AND risk.urgent', 'NOT risk.urgent'], { 'risk.urgent': true }],
    [
      [
        'risk.confidence <= 0.2 OR risk.confidence >= 0.3',
        'risk.share <= 0.2 OR risk.share >= 0.3',
        'risk.confidence >= risk.share',
      ],
      { 'risk.confidence': 0.23, 'risk.share': 0.27 },
    ],
    [['new.score > 5'], { 'new.score': 5 }],
  ])('%j', (texts, example) => {
    expect(uncovered(...texts)).toEqual(example);
  });
});

it.each<[string[]]>([
  [["risk.level == 'HIGH'", "risk.level != 'HIGH'"]],
  [["risk.level == 'HIGH'", "risk.level IN ['MEDIUM', 'LOW']"]],
  [['risk.confidence > 0.8', 'risk.confidence <= 0.8']],
  [['risk.confidence >= 0']],
  [['risk.count <= 3', 'risk.count >= 4']],
  [['risk.urgent', 'NOT risk.urgent']],
  [["risk.status == 'completed'", "risk.status IN ['failed', 'skipped', 'cancelled', 'timeout']"]],
  [['risk.count <= risk.other', 'risk.count > risk.other']],
  [["'ui' IN risk.tags", "'ui' NOT IN risk.tags"]],
  [['EXISTS risk.name', 'NOT EXISTS risk.name']],
])('finds nothing that %j leave out', (texts) => {
  expect(uncovered(...texts)).toBeNull();
});

describe('what is not decided', () => {
  it('is what has too many combinations', () => {
    const many = Array.from({ length: 15 }, (_, index) => `new.f${index} > 1`).join(' AND ');
    expect(uncovered(many)).toBeUndefined();
  });

  it('is what has fewer, but very many comparisons', () => {
    const few =
      'risk.level IN [1] AND risk.count > 1 AND risk.other > 1 AND risk.confidence > 0.5 AND risk.urgent';
    expect(uncovered(few)).not.toBeUndefined();
    expect(uncovered(...Array.from({ length: 2000 }, () => few))).toBeUndefined();
  });

  it.each([
    'risk.name IN risk.tags',
    'risk.name < risk.title',
    'new.one == new.other',
    'risk.tags == new.tags',
  ])('is %s', (text) => {
    expect(uncovered(text)).toBeUndefined();
  });
});

describe('against facts drawn at random', () => {
  const paths: Record<string, fc.Arbitrary<FactValue>> = {
    n: fc.oneof(fc.integer({ min: -3, max: 4 }), fc.constantFrom(0.25, 0.5, 0.75, 1.5)),
    i: fc.integer({ min: -3, max: 4 }),
    e: fc.constantFrom('x', 'y', 'z'),
    t: fc.constantFrom('x', 'y', 'w', '', 'xx'),
    b: fc.boolean(),
  };
  const declared = declaredFacts({
    properties: {
      n: { type: 'number' },
      i: { type: 'integer' },
      e: { enum: ['x', 'y', 'z'] },
      t: { type: 'string' },
      b: { type: 'boolean' },
    },
  });
  const fact = (name: string) => ({ fact: ['s', name] });
  const comparators = fc.constantFrom('==' as const, '!=' as const, '<' as const, '>=' as const);
  const numbers = fc.constantFrom(fact('n'), fact('i'), { value: 0 }, { value: 1 }, { value: 0.5 });
  const texts = fc.constantFrom(fact('e'), fact('t'), { value: 'x' }, { value: 'y' });
  const leaves: fc.Arbitrary<Expression> = fc.oneof(
    fc.record({ op: comparators, left: fc.constantFrom(fact('n'), fact('i')), right: numbers }),
    fc.record({
      op: fc.constantFrom('==' as const, '!=' as const),
      left: fc.constantFrom(fact('e'), fact('t')),
      right: texts,
    }),
    fc.record({
      op: comparators,
      left: fc.constant(fact('t')),
      right: fc.constantFrom({ value: 'x' }, { value: 'y' }),
    }),
    fc.constant<Expression>({ op: 'is', fact: ['s', 'b'] }),
  );
  const { any } = fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      leaves,
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), of: tie('any') }),
    ),
  }));
  const branches = fc.array(any, { minLength: 1, maxLength: 4 });

  it('an example is one that no branch holds for, and where there is none a branch holds for all', () => {
    const seen = { null: 0, example: 0 };
    fc.assert(
      fc.property(
        branches,
        fc.array(fc.record(paths), { minLength: 30, maxLength: 30 }),
        (expressions, worlds) => {
          const example = uncoveredExample(expressions, () => declared);
          const holds = (lookup: (path: FactPath) => FactValue | undefined) =>
            expressions.some((expression) => evaluate(expression, lookup) === true);
          if (example === undefined) return;
          seen[example === null ? 'null' : 'example'] += 1;
          if (example) expect(holds((path) => example[path.join('.')])).toBe(false);
          else for (const world of worlds) expect(holds(([, name = '']) => world[name])).toBe(true);
        },
      ),
      { numRuns: 600 },
    );
    expect(Math.min(seen.null, seen.example)).toBeGreaterThan(20);
  });
});
