import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../../libs/contracts/condition.js';
import { evaluate, type Lookup } from '../../../../libs/graph/conditions/evaluate.js';
import { factsOf } from '../../../../libs/graph/conditions/facts-of.js';
import { expressionOf, expressionsOver, fewLookups, fewPaths, lookupIn } from './conditions.js';

const facts = {
  risk: { level: 'HIGH', confidence: 0.8, accepted: true, note: null, tags: ['ui', 'api'], count: 3 },
  other: { level: 'LOW', tags: ['ui', 'api'] },
};
const verdict = (text: string) => evaluate(expressionOf(text), lookupIn(facts));

describe('what holds', () => {
  it.each([
    ["risk.level == 'HIGH'", true],
    ["risk.level == 'high'", false],
    ["risk.level != 'LOW'", true],
    ['risk.confidence > 0.8', false],
    ['risk.confidence >= 0.8', true],
    ['0.9 > risk.confidence', true],
    ["risk.level < 'LOW'", true],
    ['risk.level == other.level', false],
    ['risk.accepted', true],
    ['NOT risk.accepted', false],
    ['risk.note == null', true],
    ["risk.level IN ['HIGH', 'LOW']", true],
    ["risk.level NOT IN ['HIGH', 'LOW']", false],
    ["'ui' IN risk.tags", true],
    ["'db' IN risk.tags", false],
    ['risk.level IN risk.tags', false],
    ['risk.tags == other.tags', true],
    ["risk.confidence > 0.5 AND risk.level == 'HIGH'", true],
    ["risk.confidence > 0.9 OR risk.level == 'LOW'", false],
  ])('%s', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('equality of different types is false', () => {
  it.each([
    ["risk.confidence == '0.8'", false],
    ["risk.confidence != '0.8'", true],
    ["risk.note == 'null'", false],
    ["risk.tags == 'ui'", false],
    ["risk.confidence IN ['0.8']", false],
  ])('%s', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('what is unknown', () => {
  it.each([
    'risk.missing',
    'risk.missing == null',
    'risk.missing != 1',
    'NOT risk.missing',
    'risk.missing IN [1]',
    "'ui' IN risk.missing",
    "'ui' IN risk.level",
    'risk.level',
    'risk.level < 5',
    'risk.accepted < true',
    'risk.note <= null',
    'risk.missing AND risk.accepted',
    "risk.missing OR risk.level == 'LOW'",
  ])('%s', (text) => {
    expect(verdict(text)).toBeUndefined();
  });

  it('does not matter where the other part decides', () => {
    expect(verdict("risk.missing AND risk.level == 'LOW'")).toBe(false);
    expect(verdict('risk.missing OR risk.accepted')).toBe(true);
  });

  it('is never what EXISTS says, for which null is there', () => {
    expect(verdict('EXISTS risk.missing')).toBe(false);
    expect(verdict('EXISTS risk.note')).toBe(true);
  });
});

it('names each fact of a condition once, in the order of the text', () => {
  const expression = expressionOf("NOT (b.x IN a.list OR EXISTS c.y) AND a.ok AND 1 < b.x AND a.z == 'b.w'");
  expect(factsOf(expression).map((path) => path.join('.'))).toEqual(['b.x', 'a.list', 'c.y', 'a.ok', 'a.z']);
});

describe('laws', () => {
  const expressions = expressionsOver(fewPaths);
  const holdsFor = (law: (one: Expression, other: Expression, lookup: Lookup) => void) =>
    fc.assert(fc.property(expressions, expressions, fewLookups, law), { numRuns: 1000 });
  const not = (of: Expression): Expression => ({ op: 'not', of });

  it('never throws, and gives true, false or unknown', () => {
    holdsFor((one, _, lookup) => {
      expect([true, false, undefined]).toContain(evaluate(one, lookup));
    });
  });

  it('is subject to De Morgan, and to double negation', () => {
    holdsFor((one, other, lookup) => {
      expect(evaluate(not({ op: 'and', of: [one, other] }), lookup)).toBe(
        evaluate({ op: 'or', of: [not(one), not(other)] }, lookup),
      );
      expect(evaluate(not({ op: 'or', of: [one, other] }), lookup)).toBe(
        evaluate({ op: 'and', of: [not(one), not(other)] }, lookup),
      );
      expect(evaluate(not(not(one)), lookup)).toBe(evaluate(one, lookup));
    });
  });

  it('keeps what is decided when more becomes known, where nothing asks for EXISTS', () => {
    const asks = (expression: Expression): boolean => JSON.stringify(expression).includes('"exists"');
    fc.assert(
      fc.property(expressions, fewLookups, fewPaths, (expression, lookup, hidden) => {
        fc.pre(!asks(expression));
        const before = evaluate(expression, (path) =>
          path.join('.') === hidden.join('.') ? undefined : lookup(path),
        );
        if (before !== undefined) expect(evaluate(expression, lookup)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });
});
