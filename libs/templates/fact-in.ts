import type { FactValue, Literal } from '../contracts/condition.js';
import { valueAt } from './value-at.js';

/**
 * The value at a path in JSON, where it is one that conditions can compare: a literal, or a list of them. That there is
 * an object or another list is told as true, so that its existence can be asked for.
 */
export function factIn(value: unknown, names: readonly string[]): FactValue | undefined {
  const found = valueAt(value, names);
  if (isLiteral(found)) return found;
  if (Array.isArray(found) && found.every(isLiteral)) return found;
  return typeof found === 'object' && found !== null ? true : undefined;
}

const isLiteral = (value: unknown): value is Literal =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
