import type { Expression } from '../../contracts/condition.js';
import { HeptadError } from '../../protocol/errors.js';
import { parseCondition } from './parse-condition.js';

const most = 10_000;
const parsed = new Map<string, Expression>();

/**
 * A condition of a template that was checked, parsed. Kept, since one is asked for again and again.
 *
 * @throws HeptadError `InputInvalid` it cannot be parsed
 */
export function parsedCondition(text: string): Expression {
  const known = parsed.get(text);
  if (known) return known;
  const result = parseCondition(text);
  if ('problems' in result)
    throw new HeptadError(
      'InputInvalid',
      `The condition "${text}" cannot be read: ${result.problems.map(({ reason }) => reason).join(' ')}`,
    );
  if (parsed.size >= most) parsed.clear();
  parsed.set(text, result.expression);
  return result.expression;
}
