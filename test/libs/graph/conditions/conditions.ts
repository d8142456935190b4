import fc from 'fast-check';
import type {
  Comparator,
  Expression,
  FactPath,
  FactValue,
  Literal,
  Operand,
} from '../../../../libs/contracts/condition.js';
import type { Lookup } from '../../../../libs/graph/conditions/evaluate.js';
import { type ParsedCondition, parseCondition } from '../../../../libs/graph/conditions/parse-condition.js';

/** The parsed condition; it fails where there are problems. */
export function parsed(text: string): ParsedCondition {
  const result = parseCondition(text);
  if ('problems' in result)
    throw new Error(`${text}: ${result.problems.map(({ reason }) => reason).join(' ')}`);
  return result;
}

export const expressionOf = (text: string): Expression => parsed(text).expression;

/** Facts as nested objects, such as `{ risk: { level: 'HIGH' } }`. */
export const lookupIn =
  (facts: Readonly<Record<string, unknown>>): Lookup =>
  (path) => {
    let at: unknown = facts;
    for (const name of path)
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined;
    return at as FactValue | undefined;
  };

export const literals: fc.Arbitrary<Literal> = fc.oneof(
  fc.constantFrom<Literal>(null, true, false, 0, 1, 0.5, 'a', 'b', ''),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
);

const comparators: fc.Arbitrary<Comparator> = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');

/** Any condition that can be written, over the facts that are given. */
export const expressionsOver = (paths: fc.Arbitrary<FactPath>): fc.Arbitrary<Expression> => {
  const operands: fc.Arbitrary<Operand> = fc.oneof(
    paths.map((fact) => ({ fact })),
    literals.map((value) => ({ value })),
  );
  const leaves: fc.Arbitrary<Expression> = fc.oneof(
    fc.record({ op: comparators, left: operands, right: operands }),
    fc.record({
      op: fc.constant('in' as const),
      left: operands,
      right: fc.oneof(
        paths.map((fact) => ({ fact })),
        fc.array(literals, { maxLength: 4 }).map((list) => ({ list })),
      ),
    }),
    fc.record({ op: fc.constantFrom('exists' as const, 'is' as const), fact: paths }),
  );
  return fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaves,
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), of: tie('any') }),
    ),
  })).any;
};

/** Few facts, so that conditions and what is known of them meet. */
const fewFacts: readonly FactPath[] = [
  ['input', 'a'],
  ['input', 'b', 'c'],
  ['step', 'a'],
  ['step', 'b'],
];
export const fewPaths: fc.Arbitrary<FactPath> = fc.constantFrom(...fewFacts);

const values: fc.Arbitrary<FactValue | undefined> = fc.oneof(
  fc.constant(undefined),
  literals,
  fc.array(literals, { maxLength: 3 }),
);

/** What is known of the few facts; some are not there. */
export const fewLookups: fc.Arbitrary<Lookup> = fc
  .tuple(...fewFacts.map(() => values))
  .map((known) => (path) => known[fewFacts.findIndex((fact) => fact.join('.') === path.join('.'))]);
