import { describe, expect, it } from 'vitest';
import { expressionSchema } from '../../../../libs/contracts/condition.js';
import { factsIn, parseCondition } from '../../../../libs/graph/conditions/parse-condition.js';
import { expressionOf, parsed } from './conditions.js';

const a = { fact: ['s', 'a'] };
const is = (name: string) => ({ op: 'is', fact: ['s', name] });

describe('what a condition says', () => {
  it('reads the example of a risk assessment', () => {
    expect(expressionOf("risk-assessment.confidence > 0.8 AND risk-assessment.level == 'HIGH'")).toEqual({
      op: 'and',
      of: [
        { op: '>', left: { fact: ['risk-assessment', 'confidence'] }, right: { value: 0.8 } },
        { op: '==', left: { fact: ['risk-assessment', 'level'] }, right: { value: 'HIGH' } },
      ],
    });
  });

  it('binds NOT before AND, AND before OR, and comparisons before all', () => {
    expect(expressionOf('NOT s.a AND s.b OR s.c')).toEqual({
      op: 'or',
      of: [{ op: 'and', of: [{ op: 'not', of: is('a') }, is('b')] }, is('c')],
    });
    expect(expressionOf('NOT s.a == 1')).toEqual({
      op: 'not',
      of: { op: '==', left: a, right: { value: 1 } },
    });
    expect(expressionOf('s.a AND (s.b OR s.c)')).toEqual({
      op: 'and',
      of: [is('a'), { op: 'or', of: [is('b'), is('c')] }],
    });
  });

  it('takes its words in any case, and ids that are such words', () => {
    expect(expressionOf('nOt s.a Or eXists s.b')).toEqual({
      op: 'or',
      of: [
        { op: 'not', of: is('a') },
        { op: 'exists', fact: ['s', 'b'] },
      ],
    });
    expect(expressionOf("in.tags == True AND 'x' in in.tags")).toEqual({
      op: 'and',
      of: [
        { op: '==', left: { fact: ['in', 'tags'] }, right: { value: true } },
        { op: 'in', left: { value: 'x' }, right: { fact: ['in', 'tags'] } },
      ],
    });
  });

  it.each([
    ['improve-a.totals.all', ['improve-a', 'totals', 'all']],
    ['s.snake_case.with-hyphen.Upper.2nd', ['s', 'snake_case', 'with-hyphen', 'Upper', '2nd']],
    ['s["two words"].x', ['s', 'two words', 'x']],
    ['in.["two words"]', ['in', 'two words']],
    ["s['it\\'s']", ['s', "it's"]],
    ['and-then.a', ['and-then', 'a']],
  ])('reads the fact %s', (text, fact) => {
    expect(expressionOf(text)).toEqual({ op: 'is', fact });
  });

  it.each([
    ['1', 1],
    ['-0.25', -0.25],
    ['1.5e3', 1500],
    ['2E-2', 0.02],
    ['-0', 0],
    ["'it\\'s'", "it's"],
    ['"say \\"so\\""', 'say "so"'],
    ["'a\\n\\u0041\\\\'", 'a\nA\\'],
    ["''", ''],
    ['true', true],
    ['FALSE', false],
    ['null', null],
  ])('reads the value %s', (text, value) => {
    expect(expressionOf(`s.a == ${text}`)).toEqual({ op: '==', left: a, right: { value } });
    expect(expressionOf(`${text} != s.a`)).toEqual({ op: '!=', left: { value }, right: a });
  });

  it('looks into written lists and into facts that are lists', () => {
    expect(expressionOf("s.a IN ['x', -1, null, true]")).toEqual({
      op: 'in',
      left: a,
      right: { list: ['x', -1, null, true] },
    });
    expect(expressionOf('s.a NOT IN []')).toEqual({
      op: 'not',
      of: { op: 'in', left: a, right: { list: [] } },
    });
    expect(expressionOf("'x' IN s.tags")).toEqual({
      op: 'in',
      left: { value: 'x' },
      right: { fact: ['s', 'tags'] },
    });
  });

  it('keeps to the contract of conditions in a graph', () => {
    const expression = expressionOf("NOT (s.a IN [1] OR s.b < 2) AND EXISTS s.c AND s.d AND 'x' != s.e");
    expect(expressionSchema.parse(expression)).toEqual(expression);
  });

  it('takes a list of as many elements as a condition has room for', () => {
    const list = Array.from({ length: 990 }, () => '1').join(',');
    expect(expressionOf(`s.a IN [${list}]`)).toMatchObject({ op: 'in', right: { list: { length: 990 } } });
  });
});

it('says where each fact stands, and each name of it', () => {
  const text = 'risk.level == "x" OR NOT EXISTS in.["two words"].b AND risk.level IN s.c';
  const facts = factsIn(parsed(text));
  expect(facts.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([
    'risk.level',
    'in.["two words"].b',
    'risk.level',
    's.c',
  ]);
  expect(facts[1]?.parts?.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([
    'in',
    '"two words"',
    'b',
  ]);
});

describe('what is wrong with a condition', () => {
  const deep = `${'('.repeat(51)}s.a${')'.repeat(51)}`;
  it.each([
    ['', 0, 0, 'The condition is empty.'],
    [' \n ', 0, 0, 'The condition is empty.'],
    ["risk.level 'HIGH'", 11, 6, `Expected a comparison after "risk.level" at character 12, not "'HIGH'".`],
    ['(risk.level 5)', 12, 1, 'Expected a comparison after "risk.level" at character 13, not "5".'],
    ["'HIGH'", 6, 0, `Expected a comparison after "'HIGH'" at character 7.`],
    ['risk.level == ', 14, 0, 'Expected a value or a fact after "==" at character 15.'],
    ['risk.level ==)', 13, 1, 'Expected a value or a fact after "==" at character 14, not ")".'],
    [
      'risk.level == HIGH AND s.a',
      14,
      4,
      'Expected a value or a fact after "==" at character 15, not "HIGH"; text stands in quotes.',
    ],
    ['s.a > .5', 6, 2, 'Expected a value or a fact after ">" at character 7, not ".5".'],
    ['risk', 4, 0, 'Expected a field such as .level after "risk" at character 5.'],
    ['risk == 1', 5, 2, 'Expected a field such as .level after "risk" at character 6, not "==".'],
    ['risk.', 5, 0, 'Expected a field such as .level after "." at character 6.'],
    ['s[a]', 2, 1, 'Expected a name in quotes after "[" at character 3, not "a"; text stands in quotes.'],
    ['s["a" == 1', 6, 2, 'Expected "]" after ""a"" at character 7, not "==".'],
    [
      's.a IN [HIGH]',
      8,
      4,
      'Expected a written value after "[" at character 9, not "HIGH"; text stands in quotes.',
    ],
    [
      's.a IN [1, t.b]',
      11,
      3,
      'Expected a written value after "," at character 12, not "t.b"; a list has written values only.',
    ],
    ['s.a IN [1,]', 10, 1, 'Expected a written value after "," at character 11, not "]".'],
    ['s.a IN [1 2]', 10, 1, 'Expected "," or "]" after "1" at character 11, not "2".'],
    ['s.a IN [1', 9, 0, 'Expected "," or "]" after "1" at character 10.'],
    [
      's.a IN 5',
      7,
      1,
      `Expected a list such as ['a', 'b'] or a fact that is one after "IN" at character 8, not "5".`,
    ],
    ['s.a NOT == 1', 8, 2, 'Expected IN after "NOT" at character 9, not "==".'],
    ['EXISTS', 6, 0, 'Expected a fact such as risk.level after "EXISTS" at character 7.'],
    ['EXISTS s.a == 1', 11, 2, 'Expected AND, OR or the end after "s.a" at character 12, not "==".'],
    ['NOT', 3, 0, 'Expected a condition after "NOT" at character 4.'],
    ['AND s.a', 0, 3, 'Expected a condition at character 1, not "AND".'],
    ['s.a AND OR s.b', 8, 2, 'Expected a condition after "AND" at character 9, not "OR".'],
    ['()', 1, 1, 'Expected a condition after "(" at character 2, not ")".'],
    ['(s.a', 4, 0, 'Expected AND, OR or ")" after "s.a" at character 5.'],
    ['s.a)', 3, 1, 'Expected AND, OR or the end after "s.a" at character 4, not ")".'],
    ['1 < s.a < 3', 8, 1, 'Expected AND, OR or the end after "s.a" at character 9, not "<".'],
    [
      's.a == 1 t.b["x y"]',
      9,
      10,
      'Expected AND, OR or the end after "1" at character 10, not "t.b["x y"]".',
    ],
    ['s.a = 1', 4, 1, '"=" at character 5 means nothing; equality is ==.'],
    ['s.a === 1', 4, 3, '"===" at character 5 means nothing; equality is ==.'],
    ['s.a <> 1', 4, 2, '"<>" at character 5 means nothing; inequality is !=.'],
    ['s.a => 1', 4, 2, '"=>" at character 5 means nothing; write >=.'],
    ['s.a =< 1', 4, 2, '"=<" at character 5 means nothing; write <=.'],
    ['s.a && s.b', 4, 2, '"&&" at character 5 means nothing; write AND.'],
    ['s.a || s.b', 4, 2, '"||" at character 5 means nothing; write OR.'],
    ['!s.a', 0, 1, '"!" at character 1 means nothing; write NOT.'],
    ['s.a + 1 > 2', 4, 1, '"+" at character 5 means nothing; there is no arithmetic in conditions.'],
    ['s.a - s.b > 2', 4, 1, '"-" at character 5 means nothing; there is no arithmetic in conditions.'],
    ['s.a == 1e999', 7, 5, 'The number "1e999" at character 8 is too large.'],
    ['s.a § 1', 4, 1, '"§" at character 5 means nothing.'],
    ["s.a == 'x", 7, 2, 'The text that begins at character 8 has no closing quote.'],
    ["s.a == 'it's'", 12, 1, 'The text that begins at character 13 has no closing quote.'],
    ['s.a == "C:\\dir"', 10, 2, '"\\d" at character 11 means nothing; a backslash itself is written twice.'],
    ['s.a == "\\u00g0"', 8, 4, '"\\u00" at character 9 means nothing; a backslash itself is written twice.'],
    ['Risk.level', 0, 4, '"Risk" at character 1 is no id of an item; ids are lower case with hyphens.'],
    [
      's.a AND risk_a.level',
      8,
      6,
      '"risk_a" at character 9 is no id of an item; ids are lower case with hyphens.',
    ],
    [deep, 50, 1, 'More than 50 parentheses and NOTs are within one another at character 51.'],
    [
      `${'NOT '.repeat(51)}s.a`,
      200,
      3,
      'More than 50 parentheses and NOTs are within one another at character 201.',
    ],
    [
      `s.a${' '.repeat(2000)}`,
      2000,
      3,
      'A condition has at most 2000 characters; this one is too long at character 2001.',
    ],
  ])('%s', (text, offset, length, reason) => {
    expect(parseCondition(text)).toEqual({ problems: [{ offset, length, reason }] });
  });

  it('says everything that means nothing at once, in the order of the text', () => {
    expect(parseCondition('s.a == “x” § !')).toMatchObject({
      problems: [{ offset: 7 }, { offset: 9 }, { offset: 11 }, { offset: 13 }],
    });
  });

  it('lets 50 parentheses be within one another, and any number beside each other', () => {
    expect(expressionOf(`${'('.repeat(50)}s.a${')'.repeat(50)}`)).toEqual(is('a'));
    const beside = Array.from({ length: 100 }, () => '(NOT s.a)').join(' OR ');
    expect(expressionOf(beside)).toMatchObject({ op: 'or', of: { length: 100 } });
  });

  it('is as it was after a condition that was wrong', () => {
    parseCondition('(s.a AND');
    expect(expressionOf('s.a')).toEqual(is('a'));
  });
});
