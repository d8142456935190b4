import type { Comparator, Expression, FactPath, FactValue, Operand } from '../../contracts/condition.js';

/** What is known of the facts: the value at a path, undefined where there is none. A fact that is null is there. */
export type Lookup = (path: FactPath) => FactValue | undefined;

/**
 * Whether a condition is true, false or unknown (undefined), by the three-valued logic of Kleene. It holds only where
 * it is true. Pure; also used in workflow code.
 *
 * Unknown is: a comparison, an `IN` or a lone fact whose fact is not there; an order of what has none in common, such
 * as a number and a text; `IN` something that is no list; a lone fact that is neither true nor false. Equality of
 * different types is false. `EXISTS` is never unknown.
 */
export function evaluate(expression: Expression, lookup: Lookup): boolean | undefined {
  switch (expression.op) {
    case 'and':
      return both(expression.of.map((part) => evaluate(part, lookup)));
    case 'or':
      return opposite(both(expression.of.map((part) => opposite(evaluate(part, lookup)))));
    case 'not':
      return opposite(evaluate(expression.of, lookup));
    case 'exists':
      return lookup(expression.fact) !== undefined;
    case 'is': {
      const value = lookup(expression.fact);
      return typeof value === 'boolean' ? value : undefined;
    }
    case 'in': {
      const value = valueAt(expression.left, lookup);
      const list = 'list' in expression.right ? expression.right.list : lookup(expression.right.fact);
      if (value === undefined || !Array.isArray(list)) return undefined;
      return list.some((element) => element === value);
    }
    default:
      return compare(expression.op, valueAt(expression.left, lookup), valueAt(expression.right, lookup));
  }
}

const valueAt = (operand: Operand, lookup: Lookup): FactValue | undefined =>
  'fact' in operand ? lookup(operand.fact) : operand.value;

const opposite = (verdict: boolean | undefined): boolean | undefined =>
  verdict === undefined ? undefined : !verdict;

const both = (verdicts: readonly (boolean | undefined)[]): boolean | undefined => {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
};

function compare(
  comparator: Comparator,
  left: FactValue | undefined,
  right: FactValue | undefined,
): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (comparator === '==') return equal(left, right);
  if (comparator === '!=') return !equal(left, right);
  if (typeof left === 'number' && typeof right === 'number') return inOrder(comparator, left, right);
  // By code unit, which is the same everywhere; an order by language would not be.
  if (typeof left === 'string' && typeof right === 'string') return inOrder(comparator, left, right);
  return undefined;
}

function inOrder<T extends number | string>(
  comparator: Exclude<Comparator, '==' | '!='>,
  left: T,
  right: T,
): boolean {
  switch (comparator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Lists are equal where their elements are, one by one. */
const equal = (left: FactValue, right: FactValue): boolean =>
  Array.isArray(left) && Array.isArray(right)
    ? left.length === right.length && left.every((element, index) => element === right[index])
    : left === right;
