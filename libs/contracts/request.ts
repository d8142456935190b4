import { z } from 'zod';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { targetSchema } from './delivery.js';
import { continuedFromSchema } from './resumption.js';
import { subjectSchema, testPlanSchema } from './subject.js';

const options = {
  /** Where the package goes beside its folder. */
  deliver: z.array(targetSchema).max(10).optional(),
  /** Seconds that a phase waits for a person's waiver where a pass failed. Default: 0, it does not wait. */
  waiverWindow: z
    .int()
    .min(0)
    .max(30 * 24 * 3600)
    .optional(),
  /** Whether no item starts before somebody lets it: step by step. Default: they start when they can. */
  stepwise: z.boolean().optional(),
  /** Digest of what an earlier run committed that this one goes on from (`Resumption`). Default: it starts anew. */
  resume: digestSchema.optional(),
};

/** The body of `POST /v1/runs`: a template with its input, or one sentence. */
export const startRunSchema = z.union([
  z.strictObject({
    template: z.string().min(1).max(100),
    input: z.record(z.string(), z.unknown()).default({}),
    ...options,
  }),
  z.strictObject({ request: z.string().min(1).max(2000), ...options }),
]);
export type StartRun = z.infer<typeof startRunSchema>;

/** The input of the workflow `run`. */
export const runRequestSchema = z.strictObject({
  run: z.string(),
  tenant: z.string(),
  /** The body as it was accepted (`StartRun`, canonical JSON). */
  request: artifactRefSchema,
  /** Of the body's `waiverWindow`, in milliseconds. */
  waiverWindowMs: z.int().nonnegative(),
  /** Whether no item starts before somebody lets it. */
  stepwise: z.boolean().optional(),
  /** The run that it goes on from. */
  from: continuedFromSchema.optional(),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/** A request whose form is known: which template, with which input. */
export const parsedRequestSchema = z.strictObject({
  template: z.strictObject({ name: z.string(), version: z.string(), digest: digestSchema }),
  /** The input as validated by the template's schema. */
  input: z.record(z.string(), z.unknown()),
  subject: subjectSchema,
  test: testPlanSchema.optional(),
  /** The sentence, where the request was one. */
  sentence: z.string().optional(),
  deliver: z.array(targetSchema).optional(),
  /** Digest of what it goes on from (`Resumption`). */
  resume: digestSchema.optional(),
});
export type ParsedRequest = z.infer<typeof parsedRequestSchema>;

export const requestCategories = [
  'creative',
  'technical',
  'educational',
  'complex',
  'system operation',
  'agent orchestration',
  'performance optimisation',
] as const;
/** By how many agents it takes: 1, 2-5, 5-50, more than 50. */
export const complexities = ['simple', 'moderate', 'complex', 'highly complex'] as const;
export const layers = ['cecca', 'board', 'executive', 'stack-chief', 'specialist', 'micro'] as const;
export type Layer = (typeof layers)[number];

/** Result of the documented rules in `libs/intake/classify.ts`; `reasons` names each rule that fired. */
export const classificationSchema = z.strictObject({
  category: z.enum(requestCategories),
  complexity: z.enum(complexities),
  agents: z.int().positive(),
  layers: z.array(z.enum(layers)),
  reasons: z.array(z.string()),
});
export type Classification = z.infer<typeof classificationSchema>;
