import type { Expression, FactPath, Operand } from '../../contracts/condition.js';

/** The same condition, asking other owners for their facts. */
export function renameFacts(expression: Expression, rename: (root: string) => string): Expression {
  const path = ([root = '', ...names]: FactPath): FactPath => [rename(root), ...names];
  const side = (operand: Operand): Operand => ('fact' in operand ? { fact: path(operand.fact) } : operand);
  switch (expression.op) {
    case 'and':
    case 'or':
      return { op: expression.op, of: expression.of.map((one) => renameFacts(one, rename)) };
    case 'not':
      return { op: 'not', of: renameFacts(expression.of, rename) };
    case 'exists':
    case 'is':
      return { op: expression.op, fact: path(expression.fact) };
    case 'in':
      return {
        op: 'in',
        left: side(expression.left),
        right: 'fact' in expression.right ? { fact: path(expression.right.fact) } : expression.right,
      };
    default:
      return { op: expression.op, left: side(expression.left), right: side(expression.right) };
  }
}
