import type { Part, Severity, Step } from './outcomes.js';

/** What each step has to reach, and the whole. */
export const demanded = { step: 70, overall: 75 } as const;

/** What each part of a request counts in the score of `deconstruct`; together 100. */
export const partWeights: Readonly<Record<Part, number>> = {
  'goal verb': 20,
  'goal object': 15,
  criteria: 20,
  constraints: 15,
  outputs: 10,
  context: 5,
  inputs: 5,
  audience: 5,
  names: 5,
};

/** Parts whose absence is a finding, and what it takes off the score of `diagnose`. */
export const missingDeductions = { goal: 40, criteria: 15, outputs: 10, constraints: 10 } as const;
export type MissingPart = keyof typeof missingDeductions;

/** What each contradiction takes off. */
export const contradictionDeduction = 20;

/** What is vague or ambiguous takes off its share of this: the sum of its weights per sentence, at most 1. */
export const unclearDeduction = 60;
export const unclearWeights: Readonly<Record<Severity, number>> = { high: 1, medium: 0.5, low: 0.25 };

/** A finding that an open question asks for weighs half: it is not resolved, but nobody is misled by it. */
export const asked = 0.5;

/** What each step counts in the overall score; together 1. */
export const stepWeights: Readonly<Record<Step, number>> = {
  deconstruct: 0.2,
  diagnose: 0.2,
  develop: 0.3,
  deliver: 0.3,
};

/** A score as it is given: whole, from 0 to 100. */
export const rounded = (score: number): number => Math.max(0, Math.min(100, Math.round(score)));

/** A step's score, and whether it is enough. */
export const judged = (score: number): { readonly score: number; readonly passed: boolean } => {
  const whole = rounded(score);
  return { score: whole, passed: whole >= demanded.step };
};
