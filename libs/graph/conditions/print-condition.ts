import type { Expression, FactPath, FactRefOrList, FactValue, Operand } from '../../contracts/condition.js';
import { words } from './words.js';

/**
 * A condition as it would be written. Parsing that gives the same condition again, except where an AND or OR has a
 * single part: that is written as the part. Pure.
 */
export function printCondition(expression: Expression): string {
  switch (expression.op) {
    case 'and':
    case 'or':
      return expression.of
        .map((part) => nested(part, expression.of.length > 1 && binding(part) <= binding(expression)))
        .join(` ${expression.op.toUpperCase()} `);
    case 'not': {
      const { of } = expression;
      if (of.op === 'in') return `${printOperand(of.left)} NOT IN ${printList(of.right)}`;
      return `NOT ${nested(of, binding(of) < binding(expression))}`;
    }
    case 'exists':
      return `EXISTS ${printFact(expression.fact)}`;
    case 'is':
      return printFact(expression.fact);
    case 'in':
      return `${printOperand(expression.left)} IN ${printList(expression.right)}`;
    default:
      return `${printOperand(expression.left)} ${expression.op} ${printOperand(expression.right)}`;
  }
}

/** A fact as it would be written, such as `improve-a.totals.all`. */
export function printFact([root = '', ...names]: FactPath): string {
  const printed = names.map((name) => (/^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  // `in["x"]` would be a list behind the word IN.
  const dot = words.some((word) => word === root) && printed[0]?.startsWith('[') ? '.' : '';
  return `${root}${dot}${printed.join('')}`;
}

/** A value as it would be written: `'HIGH'`, `0.8`, `true`, `null`, `['a', 'b']`. */
export function printValue(value: FactValue): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  const escaped = JSON.stringify(value).slice(1, -1);
  // From double quotes to single ones; other escapes are passed over as a whole.
  return `'${escaped.replace(/\\"|'|\\./g, (found) => (found === '\\"' ? '"' : found === "'" ? "\\'" : found))}'`;
}

const nested = (expression: Expression, inParentheses: boolean): string =>
  inParentheses ? `(${printCondition(expression)})` : printCondition(expression);

/** How tightly it binds; what has a single part binds as that. */
function binding(expression: Expression): number {
  const only = (expression.op === 'and' || expression.op === 'or') && expression.of.length === 1;
  if (only && expression.of[0]) return binding(expression.of[0]);
  const place = ['or', 'and', 'not'].indexOf(expression.op);
  return place === -1 ? 3 : place;
}

const printOperand = (operand: Operand): string =>
  'fact' in operand ? printFact(operand.fact) : printValue(operand.value);

const printList = (list: FactRefOrList): string =>
  'fact' in list ? printFact(list.fact) : printValue([...list.list]);
