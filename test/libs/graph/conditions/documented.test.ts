import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkCondition } from '../../../../libs/graph/conditions/check-condition.js';
import { itemFacts } from '../../../../libs/graph/conditions/declared-facts.js';
import { parseCondition } from '../../../../libs/graph/conditions/parse-condition.js';
import { uncoveredExample } from '../../../../libs/graph/conditions/uncovered.js';
import { expressionOf } from './conditions.js';

const document = await readFile('docs/reference/conditions.md', 'utf8');
const blocks = [...document.matchAll(/```condition\n([\s\S]*?)```/g)].map(([, block = '']) =>
  block.trim().split('\n'),
);
const rowsBelow = (heading: string): string[] => {
  const [, table = ''] = document.split(heading);
  return (table.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
};

const risk = itemFacts({
  properties: {
    level: { enum: ['HIGH', 'MEDIUM', 'LOW'] },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    urgent: { type: 'boolean' },
  },
});
const scope = (root: string) => (root === 'risk' ? risk : undefined);

describe('docs/reference/conditions.md', () => {
  it('has examples that are conditions', () => {
    const forms = rowsBelow('## What may be written').flatMap(
      (row) => /^\| `([^`]+)`.*\|.*\|$/.exec(row)?.[1] ?? [],
    );
    const examples = [...blocks.flat(), ...forms.filter((form) => /[.]/.test(form) && !/^-?\d/.test(form))];
    expect(examples.length).toBeGreaterThan(15);
    for (const example of examples) expect(parseCondition(example), example).toHaveProperty('expression');
  });

  it('says what binds tighter', () => {
    const [one = '', other = ''] = blocks.find((block) => block.length === 2) ?? [];
    expect(expressionOf(one)).toEqual(expressionOf(other));
  });

  it('says what two branches leave out', () => {
    const branches = blocks.at(-1) ?? [];
    expect(uncoveredExample(branches.map(expressionOf), scope)).toEqual({
      'risk.confidence': 0.8,
      'risk.level': 'HIGH',
    });
  });

  const errors = rowsBelow('## Errors').flatMap((row): [string, string][] => {
    const [, text, reason] = /^\| `([^`]+)` \| (.*) \|$/.exec(row) ?? [];
    return text === undefined || reason === undefined ? [] : [[text, reason]];
  });

  it('has errors', () => {
    expect(errors.length).toBeGreaterThan(10);
  });

  it.each(errors)('says the error of %s', (text, reason) => {
    const result = parseCondition(text);
    const problems = 'problems' in result ? result.problems : checkCondition(result, scope, ['risk']);
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});
