import { z } from 'zod';

export const categories = ['analysis', 'implementation', 'validation'] as const;

/**
 * An item of the work graph. `work` says how it runs: by an agent with a capability, or as a barrier that
 * consolidates or checks what came before. An item with `candidates` runs once per strategy; one with
 * `each` runs once per candidate of the item that it names.
 */
export const templateItemSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,48}$/),
  title: z.string().min(1).max(200),
  category: z.enum(categories),
  work: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent'), capability: z.string().min(1) }),
    z.strictObject({ kind: z.literal('consolidation') }),
    z.strictObject({ kind: z.literal('checkpoint') }),
  ]),
  depends_on: z.array(z.string()).default([]),
  timeout: z.string().default('2 minutes'),
  /** Strategies that compete, by candidate letter; each asks for a capability of its own. */
  candidates: z.record(z.string().regex(/^[A-Z]$/), z.strictObject({ capability: z.string() })).optional(),
  /** The item whose candidates this one is run for, one by one. */
  each: z.string().optional(),
  /** What the agent gets beside the workspace, as JSON. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** Checkable statement of when it is done; for people, and for validation of the result by `expects`. */
  done: z.string().min(1),
  /** Name of the result's contract, see `libs/contracts/reports`. */
  expects: z.enum([
    'architecture',
    'code',
    'infrastructure',
    'candidate',
    'validation',
    'synthesis',
    'checkpoint',
  ]),
});
export type TemplateItem = z.infer<typeof templateItemSchema>;

/** A template: data that describes a process. Content-addressed by its canonical JSON. */
export const templateSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string(),
  description: z.string(),
  /** JSON Schema (2020-12) of the input. */
  input: z.record(z.string(), z.unknown()),
  /** How many items may run at once. */
  parallel: z.int().min(1).max(200).default(4),
  /** How many repair items validation may add. */
  repairs: z.int().min(0).max(20).default(0),
  /** Weights of the fitness; see docs/reference/fitness.md. */
  fitness: z.strictObject({
    findings: z.number().min(0),
    complexity: z.number().min(0),
    size: z.number().min(0),
    verification: z.number().min(0),
  }),
  /** Bounds of the search for Model D. `seconds` ends it early; it is never taken for a fitness. */
  merge: z
    .strictObject({ evaluations: z.int().min(0).max(500), seconds: z.int().min(1).max(3600) })
    .default({ evaluations: 16, seconds: 300 }),
  items: z.array(templateItemSchema).min(1).max(5000),
});
export type Template = z.infer<typeof templateSchema>;
