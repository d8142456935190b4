import { describe, expect, it } from 'vitest';
import { itemStatuses } from '../../../../libs/contracts/graph.js';
import { checkCondition } from '../../../../libs/graph/conditions/check-condition.js';
import { declaredFacts, itemFacts } from '../../../../libs/graph/conditions/declared-facts.js';
import { parsed } from './conditions.js';

const risk = itemFacts({
  type: 'object',
  properties: {
    level: { enum: ['HIGH', 'MEDIUM', 'LOW'] },
    confidence: { type: 'number' },
    urgent: { type: 'boolean' },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', items: { type: 'string' } },
    marks: { type: 'array', items: { enum: ['a', 'b'] } },
    totals: { type: 'object', properties: { all: { type: 'integer' } } },
    anything: {},
    status: { type: 'number' },
  },
});
const input = declaredFacts({ type: 'object', properties: { depth: { type: 'integer' } } });
const scopes = new Map([
  ['risk', risk],
  ['input', input],
]);
const check = (text: string) => checkCondition(parsed(text), (root) => scopes.get(root), [...scopes.keys()]);

it.each([
  "risk.confidence > 0.8 AND risk.level == 'HIGH'",
  "'HIGH' != risk.level OR risk.level IN ['LOW', 'MEDIUM']",
  'risk.urgent AND NOT risk.accepted',
  "risk.note == null OR risk.note < 'm'",
  "'ui' IN risk.tags AND risk.note IN risk.tags",
  'risk.totals.all >= input.depth',
  'risk.anything AND risk.anything > 5 AND 1 IN risk.anything AND risk.anything.below == true',
  "risk.status == 'completed' AND risk.code == null",
  'EXISTS risk.note',
])('has nothing against %s', (text) => {
  expect(check(text)).toEqual([]);
});

describe('what could never be meant', () => {
  it.each([
    ['rsik.level == 1', 0, 4, 'There are no facts of "rsik" at character 1; did you mean "risk"?'],
    ['zebra.x', 0, 5, 'There are no facts of "zebra" at character 1; there are "risk", "input".'],
    ["risk.levle == 'HIGH'", 5, 5, '"risk" has no field "levle" at character 6; did you mean "level"?'],
    ['risk.totals.al > 1', 12, 2, '"risk.totals" has no field "al" at character 13; did you mean "all"?'],
    ['input.status == 1', 6, 6, '"input" has no field "status" at character 7; there are "depth".'],
    ['EXISTS risk.confidence.high', 23, 4, '"risk.confidence" has no fields at character 24.'],
    ['risk.status.x', 12, 1, '"risk.status" has no fields at character 13.'],
    [
      "risk.level == 'HIHG'",
      14,
      6,
      `"risk.level" is never 'HIHG' at character 15; it is one of 'HIGH', 'MEDIUM', 'LOW'.`,
    ],
    [
      "'high' == risk.level",
      0,
      6,
      `"risk.level" is never 'high' at character 1; it is one of 'HIGH', 'MEDIUM', 'LOW'.`,
    ],
    [
      "risk.level IN ['HIGH', 'LWO']",
      23,
      5,
      `"risk.level" is never 'LWO' at character 24; it is one of 'HIGH', 'MEDIUM', 'LOW'.`,
    ],
    [
      "risk.status != 'done'",
      15,
      6,
      `"risk.status" is never 'done' at character 16; it is one of ${itemStatuses.map((status) => `'${status}'`).join(', ')}.`,
    ],
    [
      "risk.confidence == '0.8'",
      19,
      5,
      `"risk.confidence" is a number and never equals '0.8' at character 20.`,
    ],
    ['risk.note == 5', 13, 1, '"risk.note" is a text or null and never equals 5 at character 14.'],
    [
      'risk.note == risk.urgent',
      13,
      11,
      '"risk.note" is a text or null and never equals "risk.urgent" at character 14.',
    ],
    ['5 IN risk.tags', 0, 1, 'an element of "risk.tags" is a text and never equals 5 at character 1.'],
    [
      "'c' IN risk.marks",
      0,
      3,
      `an element of "risk.marks" is never 'c' at character 1; it is one of 'a', 'b'.`,
    ],
    ["'x' IN risk.note", 7, 9, '"risk.note" is a text or null at character 8, not a list.'],
    ['risk.urgent > false', 0, 11, '"risk.urgent" is true or false at character 1, which has no order.'],
    ['risk.tags < 5', 0, 9, '"risk.tags" is a list at character 1, which has no order.'],
    [
      "risk.confidence > 'HIGH'",
      0,
      24,
      `"risk.confidence" is a number and 'HIGH' is a text at character 1; they have no common order.`,
    ],
    ['NOT risk.level', 4, 10, '"risk.level" is a text at character 5, not true or false; compare it.'],
    [
      'EXISTS risk.totals',
      7,
      11,
      '"risk.totals" at character 8 has fields and is no fact itself; name one of them.',
    ],
  ])('%s', (text, offset, length, reason) => {
    expect(check(text)).toEqual([{ offset, length, reason }]);
  });

  it('is all said, in the order of the text', () => {
    expect(check("risk.level == 'X' OR rsik.a OR risk.b == 1").map(({ offset }) => offset)).toEqual([
      14, 21, 36,
    ]);
  });
});

it('proposes a name out of thousands without looking long', () => {
  const roots = Array.from({ length: 5000 }, (_, index) => `an-item-with-a-long-name-${index}`);
  const text = Array.from({ length: 50 }, (_, index) => `an-itme-with-a-long-name-${index + 100}.a`);
  const before = performance.now();
  const problems = checkCondition(parsed(text.join(' OR ')), () => undefined, roots);
  expect(performance.now() - before).toBeLessThan(5000);
  expect(problems).toHaveLength(20);
  expect(problems.at(-1)?.reason).toMatch(/did you mean "an-item-with-a-long-name-119"\?$/);
});

describe('a schema', () => {
  const against = (schema: object, text: string) =>
    checkCondition(parsed(text), () => declaredFacts(schema)).map(({ reason }) => reason);
  const text = { type: 'string' };

  it('has no fields beside its properties, unless it says that it has', () => {
    const properties = { a: text };
    expect(against({ properties }, 's.b == 1')).toHaveLength(1);
    expect(against({ properties, additionalProperties: false }, 's.b == 1')).toHaveLength(1);
    expect(against({ properties, additionalProperties: true }, 's.b == 1')).toEqual([]);
    expect(against({ properties, patternProperties: { '^b': text } }, 's.b == 1')).toEqual([]);
    expect(against({ type: 'object' }, 's.b == 1')).toEqual([]);
    expect(against({ type: 'object', additionalProperties: false }, 's.b == 1')).toHaveLength(1);
    expect(against({ properties: { a: false } }, 's.a == 1')).toHaveLength(1);
  });

  it('has other fields of the type that it says', () => {
    expect(against({ additionalProperties: text }, "s.any == 'x'")).toEqual([]);
    expect(against({ additionalProperties: text }, 's.any == 1')).toEqual([
      '"s.any" is a text and never equals 1 at character 10.',
    ]);
  });

  it('may be one of several, and refer to parts of itself', () => {
    const schema = {
      anyOf: [{ $ref: '#/$defs/one' }, { properties: { b: { oneOf: [{ type: 'null' }, { const: 'x' }] } } }],
      $defs: { one: { properties: { a: { type: 'integer' }, next: { $ref: '#/$defs/one' } } } },
    };
    expect(against(schema, "s.a > 1 AND s.next.next.next.a == 2 AND s.b == 'x' AND s.b == null")).toEqual([]);
    expect(against(schema, "s.next.a == 'x'")).toHaveLength(1);
    expect(against(schema, 's.next.b == 1')).toHaveLength(1);
    expect(against(schema, "s.b == 'y'")).toHaveLength(1);
  });

  it('permits everything where it says what is not understood here', () => {
    for (const part of [
      {},
      { allOf: [text] },
      { $ref: 'https://example.org/other' },
      { not: text },
      { if: text },
    ])
      expect(against({ properties: { a: part } }, 's.a > 5 AND s.a.b AND 1 IN s.a')).toEqual([]);
  });

  it('may refer to itself in a circle, and branch as often as it likes', () => {
    const $defs: Record<string, object> = { round: { $ref: '#/$defs/round' }, last: text };
    for (let level = 0; level < 60; level += 1) {
      const next = { $ref: `#/$defs/${level === 59 ? 'last' : `level-${level + 1}`}` };
      $defs[`level-${level}`] = { anyOf: [next, { anyOf: [next] }] };
    }
    const schema = { properties: { a: { $ref: '#/$defs/level-0' }, b: { $ref: '#/$defs/round' } }, $defs };
    expect(against(schema, 's.a == 5')).toHaveLength(1);
    expect(against(schema, 's.b == 5')).toHaveLength(1);
  });

  it('knows no fields that every object has', () => {
    expect(against({ properties: { a: text } }, 's.constructor == 1')).toHaveLength(1);
  });
});
