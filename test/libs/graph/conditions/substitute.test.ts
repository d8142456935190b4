import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../libs/graph/conditions/evaluate.js';
import { printCondition } from '../../../../libs/graph/conditions/print-condition.js';
import { substitute } from '../../../../libs/graph/conditions/substitute.js';
import { expressionOf, expressionsOver, fewLookups, fewPaths, lookupIn } from './conditions.js';

const facts = { input: { depth: 3, deep: true, tags: ['ui'], list: ['a', 'b'], name: 'x' } };
const reduced = (text: string) => {
  const result = substitute(expressionOf(text), 'input', lookupIn(facts));
  return result.kind === 'open' ? printCondition(result.expression) : result.verdict;
};

describe('what is left of a condition once the input is known', () => {
  it.each([
    ['input.depth > 2', true],
    ['NOT input.deep', false],
    ['input.deep AND step.ok', 'step.ok'],
    ['NOT input.deep AND step.ok', false],
    ['input.deep OR step.ok', true],
    ['NOT (input.deep AND step.ok)', 'NOT step.ok'],
    ['step.depth < input.depth', 'step.depth < 3'],
    ['step.name IN input.list', "step.name IN ['a', 'b']"],
    ['input.name NOT IN step.names', "'x' NOT IN step.names"],
    ["'ui' IN input.tags AND step.a AND step.b", 'step.a AND step.b'],
    ['EXISTS input.depth AND NOT EXISTS input.missing', true],
    ['input.missing == 1', 'unknown'],
    ['input.depth < input.name', 'unknown'],
    ['input.missing OR input.deep', true],
    ['NOT input.missing', 'unknown'],
    ['input.missing == 1 AND step.ok', 'input.missing == 1 AND step.ok'],
    ['input.list == step.list', 'input.list == step.list'],
    ['step.ok AND EXISTS step.other', 'step.ok AND EXISTS step.other'],
  ])('%s', (text, left) => {
    expect(reduced(text)).toBe(left);
  });
});

it('evaluates to the same afterwards as before', () => {
  fc.assert(
    fc.property(expressionsOver(fewPaths), fewLookups, (expression, lookup) => {
      const result = substitute(expression, 'input', (path) => {
        expect(path[0]).toBe('input');
        return lookup(path);
      });
      const after = result.kind === 'open' ? evaluate(result.expression, lookup) : result.verdict;
      expect(after ?? 'unknown').toBe(evaluate(expression, lookup) ?? 'unknown');
    }),
    { numRuns: 2000 },
  );
});
