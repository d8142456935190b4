import type { Checkpoint } from '../contracts/reports/synthesis.js';
import { evaluate, type Lookup } from '../graph/conditions/evaluate.js';
import { factsOf } from '../graph/conditions/facts-of.js';
import { parsedCondition } from '../graph/conditions/parsed-condition.js';
import { printFact, printValue } from '../graph/conditions/print-condition.js';
import { firstOf } from './order.js';

/** A criterion that a template gives as a condition. */
export interface CustomCriterion {
  readonly id: string;
  readonly says: string;
  readonly expression: string;
  /** A fact: how many warnings it makes where it is not met. */
  readonly counts?: string | undefined;
}

/** Facts that evidence names, and characters of each: it is for people, and outcomes may be long. */
const mostFacts = 20;
const mostCharacters = 100;

/**
 * Looks at a criterion that a template gives as a condition over facts of outcomes. It is met only where the condition
 * is true; the evidence is each fact with its value, or that it is not there.
 *
 * @throws HeptadError `InputInvalid` the condition cannot be parsed
 */
export function customCriterion(
  { id, says, expression, counts }: CustomCriterion,
  lookup: Lookup,
): Checkpoint['criteria'][number] {
  const condition = parsedCondition(expression);
  const facts = factsOf(condition).map((path) => {
    const value = lookup(path);
    return value === undefined
      ? `${printFact(path)} is not there`
      : `${printFact(path)} is ${shortened(printValue(value))}`;
  });
  const verdict = evaluate(condition, lookup);
  const unknown = verdict === undefined ? 'It cannot be said: ' : '';
  const counted = verdict !== true && counts !== undefined ? lookup(counts.split('.')) : undefined;
  const warnings = typeof counted === 'number' ? Math.floor(counted) : 1;
  return {
    id,
    says,
    met: verdict === true,
    evidence: `${unknown}${firstOf(facts, mostFacts) || expression}.`,
    ...(warnings > 1 ? { warnings } : {}),
  };
}

const shortened = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1).toWellFormed()}…` : text.toWellFormed();
