import type { Expression, FactPath } from '../../contracts/condition.js';
import { type ConditionProblem, excerpt, problemAt } from './condition-problem.js';
import { occurrences } from './facts-of.js';
import { ConditionParser, type Place } from './parse-grammar.js';
import { syntaxProblem, tokenProblems } from './parse-problems.js';
import { tokensOf } from './parse-tokens.js';

/** UTF-16 code units that a condition may have. It bounds a written list too, to fewer than 1,000 elements. */
const longestCondition = 2000;

/** A condition and where its parts stand in the text: expressions, written values, lists, facts. */
export interface ParsedCondition {
  readonly expression: Expression;
  /** By the object in the expression; a fact's is its path, a list's its array. */
  readonly places: ReadonlyMap<object, Place>;
}

/** A fact, and where it stands in the text. */
export interface PlacedFact extends Place {
  readonly fact: FactPath;
}

let parser: ConditionParser | undefined;

/**
 * Reads a condition; the language is described in docs/reference/conditions.md. It never throws: what is wrong comes
 * back as problems, of the tokens all, of the grammar the first.
 */
export function parseCondition(
  text: string,
): ParsedCondition | { readonly problems: readonly ConditionProblem[] } {
  if (text.trim() === '') return { problems: [{ offset: 0, length: 0, reason: 'The condition is empty.' }] };
  if (text.length > longestCondition)
    return {
      problems: [
        problemAt(
          longestCondition,
          text.length - longestCondition,
          `A condition has at most ${longestCondition} characters; this one is too long`,
        ),
      ],
    };
  const { tokens, strange } = tokensOf(text);
  const problems = [
    ...strange.map(({ offset, length }) =>
      problemAt(offset, length, excerpt(text.slice(offset, offset + length)), ' means nothing.'),
    ),
    ...tokenProblems(tokens),
  ];
  if (problems.length > 0) return { problems: problems.sort((one, other) => one.offset - other.offset) };
  // Made at first use: it takes a moment, and most programs that import this read no condition.
  parser ??= new ConditionParser();
  const { expression, error } = parser.read(tokens);
  if (error) return { problems: [syntaxProblem(text, tokens, error)] };
  const parsed = { expression, places: parser.places };
  const unnamed = factsIn(parsed).flatMap(rootProblem);
  return unnamed.length > 0 ? { problems: unnamed } : parsed;
}

/** The facts of a condition as often as they stand there, in that order; `parts` has the place of each name. */
export function factsIn({ expression, places }: ParsedCondition): PlacedFact[] {
  return occurrences(expression).flatMap((fact) => {
    const place = places.get(fact);
    return place ? [{ fact, ...place }] : [];
  });
}

function rootProblem({ fact: [root = ''], parts }: PlacedFact): ConditionProblem[] {
  if (/^[a-z][a-z0-9-]*$/.test(root)) return [];
  const offset = parts?.[0]?.offset ?? 0;
  return [
    problemAt(offset, root.length, excerpt(root), ' is no id of an item; ids are lower case with hyphens.'),
  ];
}
