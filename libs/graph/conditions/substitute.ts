import type { Expression, FactPath, FactRefOrList, Operand } from '../../contracts/condition.js';
import { evaluate, type Lookup } from './evaluate.js';
import { factsOf } from './facts-of.js';

/** What is left of a condition: a smaller one, or what it is in every case. */
export type Reduced =
  | { readonly kind: 'open'; readonly expression: Expression }
  | { readonly kind: 'decided'; readonly verdict: boolean | 'unknown' };

/**
 * Puts the facts of one root, such as `input`, into a condition and folds what no longer depends on others. Evaluating
 * what is left gives the same as evaluating the whole. Pure; also used in workflow code.
 *
 * A fact of the root that is not there stays where it stands beside others that decide, and is as unknown later. So
 * does a list that is compared by `==` with a fact of another root, since a comparison has no place for written lists.
 *
 * @param lookup all facts of the root; it is asked for no others
 */
export function substitute(expression: Expression, root: string, lookup: Lookup): Reduced {
  const reduced = reduce(expression, root, lookup);
  return reduced.verdict === undefined
    ? { kind: 'open', expression: reduced.expression }
    : { kind: 'decided', verdict: reduced.verdict };
}

/** The expression is kept beside a verdict: an unknown part may have to stay within an open whole. */
interface Part {
  readonly expression: Expression;
  readonly verdict?: boolean | 'unknown';
}

function reduce(expression: Expression, root: string, lookup: Lookup): Part {
  switch (expression.op) {
    case 'and':
    case 'or':
      return reduceParts(
        expression.op,
        expression.of.map((part) => reduce(part, root, lookup)),
      );
    case 'not': {
      const { expression: inner, verdict } = reduce(expression.of, root, lookup);
      const negated: Expression = { op: 'not', of: inner };
      if (verdict === undefined) return { expression: negated };
      return { expression: negated, verdict: verdict === 'unknown' ? 'unknown' : !verdict };
    }
    default: {
      const filled = fill(expression, root, lookup);
      return factsOf(expression).some(([of]) => of !== root)
        ? { expression: filled }
        : { expression: filled, verdict: evaluate(expression, lookup) ?? 'unknown' };
    }
  }
}

function reduceParts(op: 'and' | 'or', parts: readonly Part[]): Part {
  const deciding = op === 'or';
  const whole: Expression = { op, of: parts.map(({ expression }) => expression) };
  if (parts.some(({ verdict }) => verdict === deciding)) return { expression: whole, verdict: deciding };
  const left = parts.filter(({ verdict }) => verdict !== !deciding);
  if (left.every(({ verdict }) => verdict === 'unknown'))
    return { expression: whole, verdict: left.length > 0 ? 'unknown' : !deciding };
  const [first, ...others] = left.map(({ expression }) => expression);
  return {
    expression: first && others.length === 0 ? first : { op, of: left.map((part) => part.expression) },
  };
}

function fill(
  expression: Exclude<Expression, { op: 'and' | 'or' | 'not' }>,
  root: string,
  lookup: Lookup,
): Expression {
  const known = (path: FactPath) => (path[0] === root ? lookup(path) : undefined);
  const operand = (side: Operand): Operand => {
    const value = 'fact' in side ? known(side.fact) : undefined;
    return value === undefined || Array.isArray(value)
      ? side
      : { value: value as Exclude<typeof value, readonly unknown[]> };
  };
  const list = (side: FactRefOrList): FactRefOrList => {
    const value = 'fact' in side ? known(side.fact) : undefined;
    return Array.isArray(value) ? { list: value } : side;
  };
  switch (expression.op) {
    case 'exists':
    case 'is':
      return expression;
    case 'in':
      return { op: 'in', left: operand(expression.left), right: list(expression.right) };
    default:
      return { op: expression.op, left: operand(expression.left), right: operand(expression.right) };
  }
}
