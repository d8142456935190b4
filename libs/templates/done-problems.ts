import type { DoneDefinition } from '../contracts/template.js';
import { evaluate } from '../graph/conditions/evaluate.js';
import { parsedCondition } from '../graph/conditions/parsed-condition.js';
import { factIn } from './fact-in.js';
import { schemaProblems } from './json-schema.js';

/**
 * Why an outcome does not meet a done definition, as sentences; none where it does, or where a command decides, which
 * is run where the work was done.
 */
export function doneProblems({ says, expression, schema }: DoneDefinition, outcome: unknown): string[] {
  if (schema !== undefined)
    return schemaProblems(schema, outcome).map(({ path, reason }) => `${path || '/'}: ${reason}`);
  if (expression === undefined) return [];
  const met = evaluate(parsedCondition(expression), ([root, ...names]) =>
    root === 'result' ? factIn(outcome, names) : undefined,
  );
  return met === true ? [] : [`${expression} does not hold: ${says}`];
}
