import { CmpStr } from 'cmpstr';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Discovery } from '../contracts/discovery.js';

const comparer = CmpStr.create({ metric: 'dice', flags: 'itw' });

/**
 * How similar two discoveries are, from 0 to 1: the Sørensen-Dice coefficient of their descriptions' pairs of letters,
 * without regard to case and spaces. 0 where both have parameters and these differ: the same sentence about another
 * place is other work.
 */
export function similarityOf(one: Discovery, other: Discovery): number {
  const given = [one.parameters, other.parameters].filter((parameters) => Object.keys(parameters).length > 0);
  const [first, second] = given.map((parameters) => canonicalJson(parameters));
  if (first !== undefined && second !== undefined && first !== second) return 0;
  return comparer.compare(one.description, other.description);
}
