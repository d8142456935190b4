import type { FactValue } from '../contracts/condition.js';
import { factIn } from './fact-in.js';

/** Characters of a text that may travel as a fact; a longer one is left out, so that payloads stay small. */
const longestFact = 200;
const mostOfList = 50;

/** The facts of an outcome that a graph asked for, by their path with dots. What is not there is left out. */
export function factsOfOutcome(outcome: unknown, wanted: readonly string[]): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {};
  for (const path of wanted) {
    const fact = factIn(outcome, path.split('.'));
    if (fact !== undefined && isShort(fact)) facts[path] = fact;
  }
  return facts;
}

const isShort = (fact: FactValue): boolean =>
  Array.isArray(fact)
    ? fact.length <= mostOfList && fact.every((one) => isShort(one))
    : typeof fact !== 'string' || fact.length <= longestFact;
