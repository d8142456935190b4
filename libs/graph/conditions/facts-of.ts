import type { Expression, FactPath, FactRefOrList, Operand } from '../../contracts/condition.js';

/** The facts that a condition depends on, each once, in the order in which they stand there. Pure. */
export function factsOf(expression: Expression): FactPath[] {
  const found = new Map<string, FactPath>();
  for (const path of occurrences(expression)) found.set(JSON.stringify(path), path);
  return [...found.values()];
}

/** The facts of a condition as often as they stand there, in that order. */
export function occurrences(expression: Expression): FactPath[] {
  switch (expression.op) {
    case 'and':
    case 'or':
      return expression.of.flatMap(occurrences);
    case 'not':
      return occurrences(expression.of);
    case 'exists':
    case 'is':
      return [expression.fact];
    default:
      return [...factIn(expression.left), ...factIn(expression.right)];
  }
}

const factIn = (side: Operand | FactRefOrList): FactPath[] => ('fact' in side ? [side.fact] : []);
