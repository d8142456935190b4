import { z } from 'zod';
import { comparisons, sections } from './vocabulary.js';

/** From 0 to 100, whole. */
const scoreSchema = z.int().min(0).max(100);
const place = {
  /** From 1; columns in UTF-16 code units. */
  line: z.int().positive(),
  column: z.int().positive(),
};
const inSentence = { sentence: z.int().positive(), ...place };

export const unitKinds = [
  'title',
  'heading',
  'sentence',
  'code',
  'table',
  'quote',
  'definition',
  'block',
] as const;

/** One sentence of a request, or a heading, code block, table or quote as a whole. */
export const unitSchema = z.strictObject({
  /** From 1, in the request's order. */
  number: z.int().positive(),
  kind: z.enum(unitKinds),
  section: z.enum(sections),
  /** The unit that introduces this one, such as the sentence before a list; null where none does. */
  under: z.int().positive().nullable(),
  /** Of an item of a task list, whether it is ticked; null elsewhere. */
  checked: z.boolean().nullable(),
  ...place,
  /** Markdown, on one line for sentences and headings. */
  text: z.string(),
});
export type UnitOutcome = z.infer<typeof unitSchema>;

export const parts = [
  'goal verb',
  'goal object',
  'criteria',
  'constraints',
  'outputs',
  'context',
  'inputs',
  'audience',
  'names',
] as const;
export type Part = (typeof parts)[number];

const stepFields = { score: scoreSchema, passed: z.boolean() };

export const deconstructSchema = z.strictObject({
  kind: z.literal('request-deconstruct'),
  ...stepFields,
  units: z.array(unitSchema),
  /** Where each part of a request was found. */
  parts: z.array(z.strictObject({ part: z.enum(parts), ...inSentence, text: z.string() })),
  goals: z.array(z.strictObject({ ...inSentence, verb: z.string(), object: z.string() })),
  names: z.array(
    z.strictObject({ ...inSentence, kind: z.enum(['path', 'url', 'version', 'code']), text: z.string() }),
  ),
  quantities: z.array(
    z.strictObject({
      ...inSentence,
      text: z.string(),
      comparator: z.enum(comparisons),
      value: z.number(),
      unit: z.string(),
    }),
  ),
  /** What the score is made of: it is the sum of the weights of the parts that were found. */
  coverage: z.array(z.strictObject({ part: z.enum(parts), weight: z.int(), found: z.int() })),
});
export type DeconstructOutcome = z.infer<typeof deconstructSchema>;

export const findingKinds = ['vague', 'contradictory', 'missing', 'ambiguous', 'open'] as const;
export const severities = ['high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export const findingSchema = z.strictObject({
  kind: z.enum(findingKinds),
  /** What of the kind: what a vague word leaves open, which part is missing, how a contradiction was seen. */
  rule: z.string(),
  severity: z.enum(severities),
  /** The unit that it is in; null for what is missing from the whole request, whose place is its beginning. */
  sentence: z.int().positive().nullable(),
  ...place,
  /** The words themselves; empty for what is missing. */
  text: z.string(),
  says: z.string(),
  /** The question whose answer resolves it. */
  question: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const diagnoseSchema = z.strictObject({
  kind: z.literal('request-diagnose'),
  ...stepFields,
  findings: z.array(findingSchema),
  /** Sentences that were looked at: all but titles and open questions. */
  sentences: z.int().nonnegative(),
  /** What was taken off 100, by what for. */
  deductions: z.strictObject({
    missing: z.number(),
    contradictory: z.number(),
    unclear: z.number(),
  }),
});
export type DiagnoseOutcome = z.infer<typeof diagnoseSchema>;

export const developSchema = z.strictObject({
  kind: z.literal('request-develop'),
  ...stepFields,
  /** The specification, Markdown. */
  text: z.string(),
  units: z.strictObject({ all: z.int(), kept: z.int() }),
  findings: z.strictObject({ all: z.int(), resolved: z.int(), asked: z.int() }),
  /** Questions that the specification asks beside those of the request. */
  questions: z.array(z.string()),
  /** Criteria that were made of measurable constraints, by the number of the unit. */
  derived: z.array(z.int().positive()),
});
export type DevelopOutcome = z.infer<typeof developSchema>;

export const steps = ['deconstruct', 'diagnose', 'develop', 'deliver'] as const;
export type Step = (typeof steps)[number];

const beforeAndAfterSchema = z.strictObject({ before: scoreSchema, after: scoreSchema });

export const deliverSchema = z.strictObject({
  kind: z.literal('request-deliver'),
  ...stepFields,
  file: z.string(),
  changed: z.boolean(),
  deconstruct: beforeAndAfterSchema,
  diagnose: beforeAndAfterSchema,
  /** Each step's score. */
  steps: z.array(z.strictObject({ step: z.enum(steps), score: scoreSchema, passed: z.boolean() })),
  /** The weighted mean of the steps. */
  overall: scoreSchema,
  /** Whether every step and the whole reach what is demanded of them. */
  accepted: z.boolean(),
  openQuestions: z.int().nonnegative(),
});
export type DeliverOutcome = z.infer<typeof deliverSchema>;
