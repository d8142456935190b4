import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { priorities } from '../protocol/priorities.js';
import { factRoots } from './condition.js';

/** Categories that need no declaration. A template may say more of them, and declare others beside them. */
export const builtinCategories = ['analysis', 'implementation', 'validation'] as const;

/** Items that a template may have, and that a graph may grow to. */
export const mostItems = 5000;

/** Contracts of results that Heptad ships, by name; an item may name one, or give a JSON Schema of its own. */
export const reportNames = [
  'architecture',
  'code',
  'infrastructure',
  'candidate',
  'validation',
  'synthesis',
  'checkpoint',
] as const;
/** `custom` is what keeps to a JSON Schema of the template's own, or to none; `segment` is what a `map` item makes. */
export type ReportName = (typeof reportNames)[number] | 'custom' | 'segment';

const day = 24 * 60 * 60 * 1000;

/** Milliseconds of a duration such as `90s`, `2 minutes` or `1 day`; undefined where it is none. */
export function millisecondsOf(duration: string): number | undefined {
  try {
    return Math.round(msToNumber(duration as Duration));
  } catch {
    // `ms` says by throwing that the text is no duration.
    return undefined;
  }
}

const durationUpTo = (mostMs: number, most: string) =>
  z
    .string()
    .max(50)
    .refine((text) => inRange(millisecondsOf(text), mostMs), {
      error: ({ input }) =>
        `"${String(input)}" is not a duration from 1 ms to ${most}, such as "30s" or "2 minutes".`,
    });
const inRange = (ms: number | undefined, most: number): boolean => ms !== undefined && ms >= 1 && ms <= most;

const attemptDuration = durationUpTo(day, '24 hours');
const longDuration = durationUpTo(30 * day, '30 days');

const identifierSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,48}$/,
    'It is lower case with hyphens, begins with a letter, and has at most 49 characters.',
  )
  .refine((id) => !factRoots.some((root) => root === id), {
    error: ({ input }) => `"${String(input)}" is a word of conditions; choose another.`,
  });

const textSchema = z.string().min(1).max(2000);
const conditionTextSchema = z.string().min(1).max(2000);
const factTextSchema = z
  .string()
  .min(3)
  .max(200)
  .regex(/^[\w-]+(?:\.[\w-]+)+$/, 'It is one fact, such as documentation.incomplete.');
const jsonSchemaSchema = z.record(z.string(), z.unknown());

/**
 * When work is done, as something that is checked: a condition over the facts of its result (`result.field`), a
 * command that must end with 0 in the workspace that it handed back, or a JSON Schema of its outcome.
 */
export const doneSchema = z
  .strictObject(
    {
      /** The same for people. */
      says: textSchema,
      expression: conditionTextSchema.optional(),
      command: z.string().min(1).max(2000).optional(),
      schema: jsonSchemaSchema.optional(),
    },
    {
      error: ({ code, input }) =>
        code === 'invalid_type' && typeof input === 'string'
          ? 'A sentence cannot be checked: give "says" and one of "expression", "command" or "schema".'
          : undefined,
    },
  )
  .refine(
    ({ expression, command, schema }) =>
      [expression, command, schema].filter((check) => check !== undefined).length === 1,
    'It is checked by exactly one of "expression", "command" or "schema"; a sentence alone is vague.',
  );
export type DoneDefinition = z.infer<typeof doneSchema>;

/** Attempts of one execution: Temporal's retry policy, for what is transient and for the codes in `on`. */
export const retrySchema = z.strictObject({
  attempts: z.int().min(1).max(100).default(3),
  interval: attemptDuration.default('1s'),
  backoff: z.number().min(1).max(10).default(2),
  most_interval: attemptDuration.default('1 minute'),
  /** Codes that are tried again although they are final elsewhere, such as `AgentFailed`. */
  on: z.array(z.string().min(1).max(60)).max(20).default([]),
});
export type TemplateRetry = z.infer<typeof retrySchema>;

/**
 * What is tried, in this order, when an execution has failed: the same agent with a narrower scope, each backup agent,
 * the work in parts (for agents that write), the same agent with everything that it says kept, then a person.
 */
export const failureStrategies = ['narrow', 'backup', 'split', 'log', 'person'] as const;

/** What an item or a category may take. Scaled down where those that run at once would take more than there is. */
export const budgetSchema = z.strictObject({
  cpu_percent: z.number().min(1).max(100).optional(),
  memory_mb: z
    .int()
    .min(16)
    .max(1024 * 1024)
    .optional(),
  time: attemptDuration.optional(),
});
export type TemplateBudget = z.infer<typeof budgetSchema>;

const expectsSchema = z.union([z.enum(reportNames), jsonSchemaSchema], {
  error: `It is one of ${reportNames.join(', ')}, or a JSON Schema.`,
});

/** The criteria of a checkpoint that Heptad ships: of what the consolidation before it found. */
export const criterionNames = [
  'all-completed',
  'no-critical-conflict',
  'architecture-complete',
  'risks-documented',
  'strategy-defined',
] as const;
export type CriterionName = (typeof criterionNames)[number];

/** How an item is done: by an agent, by a barrier of Heptad's own, or by a micro agent over many like inputs. */
export const workSchema = z.discriminatedUnion('kind', [
  /** `agent` names one; else the best of those with the capability is chosen, and the others are its backups. */
  z
    .strictObject({
      kind: z.literal('agent'),
      capability: z.string().min(1).max(100).optional(),
      agent: z.string().min(1).max(64).optional(),
    })
    .refine(
      ({ capability, agent }) => (capability === undefined) !== (agent === undefined),
      'It asks for exactly one of "capability" or "agent".',
    ),
  /** Waits for everything before it, at most `deadline` for all of it together, then puts the results together. */
  z.strictObject({
    kind: z.literal('consolidation'),
    deadline: attemptDuration.default('300s'),
    /** `final` also checks success criteria, and makes the summary, readiness, monitoring and rollback plan. */
    scope: z.enum(['phase', 'final']).default('phase'),
  }),
  /** Goes on only if its criteria are met: named ones, or conditions over facts of items before it. */
  z.strictObject({
    kind: z.literal('checkpoint'),
    criteria: z
      .array(
        z.union([
          z.enum(criterionNames),
          z.strictObject({
            id: identifierSchema,
            says: textSchema,
            expression: conditionTextSchema,
            /** A number among the facts: how many warnings it makes where it is not met. Left out: one. */
            counts: factTextSchema.optional(),
          }),
        ]),
      )
      .min(1)
      .max(50)
      .optional(),
    /** `matrix` decides PROCEED, CONDITIONAL_PROCEED or BLOCK by critical criteria and warnings. */
    decides: z.enum(['all', 'matrix']).default('all'),
  }),
  /** One micro agent over each of many like inputs, in segments. */
  z.strictObject({
    kind: z.literal('map'),
    capability: z.string().min(1).max(100),
    /** Where the inputs are: `input.NAME`, or `ITEM.NAME`, a list in the outcome of an item before it. */
    over: z.string().min(3).max(200),
    /** Inputs per committed chunk. */
    chunk: z.int().min(1).max(10_000).default(500),
    /** Executions of one input before it counts as failed. */
    attempts: z.int().min(1).max(10).default(2),
    /** Part of the inputs that may fail, from 0 to 1. */
    tolerate: z.number().min(0).max(1).default(0),
  }),
]);
export type Work = z.infer<typeof workSchema>;

/** What items and consumers have in common. What is left out is as the template's `defaults` say. */
const itemFields = {
  title: z.string().min(1).max(200),
  category: identifierSchema,
  work: workSchema,
  /** Holds over facts of items before it and of the input; where it does not, the item is skipped. */
  condition: conditionTextSchema.optional(),
  /** By name: `input.FIELD`, or `ITEM.FIELD` of an item before it; the agent gets the values as parameters. */
  inputs: z.record(identifierSchema, z.string().min(3).max(200)).default({}),
  /** What the agent gets beside the workspace, as JSON. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** The contract of the outcome; of a `map`, of each output. Without one, any JSON object is taken. */
  expects: expectsSchema.optional(),
  done: doneSchema,
  retry: retrySchema.optional(),
  /** From start to close of one attempt. */
  timeout: attemptDuration.optional(),
  on_failure: z.array(z.enum(failureStrategies)).max(5).optional(),
  /** Whether a result of the same agent, inputs and item is used again. */
  cache: z.boolean().optional(),
  priority: z.enum(priorities).optional(),
  budget: budgetSchema.optional(),
  /** A person looks at the result before it counts: always, or where the condition over `result` holds. */
  review: z
    .strictObject({
      when: conditionTextSchema.optional(),
      says: textSchema.optional(),
      within: longDuration.default('7 days'),
    })
    .optional(),
  /** How long it is expected to take; what progress and estimates are made from. */
  expected: attemptDuration.optional(),
};

export const templateItemSchema = z.strictObject({
  id: identifierSchema,
  ...itemFields,
  depends_on: z.array(z.string().min(1).max(60)).max(mostItems).default([]),
  /** Works on the workspace that this item handed back; a list: on what they handed back, merged. */
  workspace: z.union([z.string(), z.array(z.string()).min(2).max(20)]).optional(),
  /** Strategies that compete, by candidate letter; each asks for a capability of its own. */
  candidates: z
    .record(
      z.string().regex(/^[A-Z]$/, 'A candidate has one capital letter.'),
      z.strictObject({
        capability: z.string().min(1).max(100),
        parameters: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .optional(),
  /** The item whose candidates this one is run for, one by one. */
  each: z.string().optional(),
  /** Done in its place where it has failed for good; its result then stands for this one's. */
  fallback: z.string().optional(),
  /** Items that are done where it has failed for good, after which it is done once more. */
  recovery: z
    .strictObject({
      items: z.array(z.string()).min(1).max(50),
      /** `manual`: when a person says so. */
      mode: z.enum(['automatic', 'manual']).default('automatic'),
    })
    .optional(),
});
export type TemplateItem = z.infer<typeof templateItemSchema>;

/** Work that is made while a run goes on: an item for each discovery, or each result, that it consumes. */
export const consumerSchema = z.strictObject({
  id: identifierSchema,
  /** What it consumes: discoveries of a category, or results of items of a category. */
  consumes: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('discovery'), category: identifierSchema }),
    z.strictObject({
      kind: z.literal('result'),
      category: identifierSchema,
      /**
       * `each`: an item for each result. `siblings`: one item for all that were made for discoveries of one outcome, on
       * what they handed back, merged.
       */
      gather: z.enum(['each', 'siblings']).default('each'),
    }),
  ]),
  ...itemFields,
});
export type Consumer = z.infer<typeof consumerSchema>;

export const categorySchema = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  description: textSchema.optional(),
  /** Come first in the context of each agent of the category. */
  instructions: z.string().max(10_000).optional(),
  done: z.array(textSchema).max(20).optional(),
  outputs: z.array(textSchema).max(20).optional(),
  /** The contract of each outcome of the category, where its item names none. */
  expects: expectsSchema.optional(),
  budget: budgetSchema.optional(),
  expected: attemptDuration.optional(),
});
export type TemplateCategory = z.infer<typeof categorySchema>;

/** A template: data that describes a process. Content-addressed by its canonical JSON. */
export const templateSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,63}$/,
      'It is lower case with hyphens, begins with a letter, and has at most 64 characters.',
    ),
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'It is three numbers, such as 1.0.0.'),
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(5000),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/))
    .max(20)
    .default([]),
  /** JSON Schema (2020-12) of the input. */
  input: jsonSchemaSchema,
  /** Whether the subject's own tests are run; then it must have some, and its dependencies are installed. */
  tests: z.boolean().default(false),
  categories: z.record(identifierSchema, categorySchema).default({}),
  /** What items have that do not say it themselves. */
  defaults: z
    .strictObject({
      timeout: attemptDuration.default('2 minutes'),
      retry: retrySchema.optional(),
      on_failure: z.array(z.enum(failureStrategies)).max(5).default(['backup']),
      cache: z.boolean().default(false),
      priority: z.enum(priorities).default('normal'),
    })
    .prefault({}),
  /** How many items may run at once. */
  parallel: z.int().min(1).max(1000).default(4),
  /** How many repair items validation may add. */
  repairs: z.int().min(0).max(20).default(0),
  /** Weights of the fitness; see docs/reference/fitness.md. */
  fitness: z
    .strictObject({
      findings: z.number().min(0),
      complexity: z.number().min(0),
      size: z.number().min(0),
      verification: z.number().min(0),
    })
    .default({ findings: 0.6, complexity: 0.1, size: 0.2, verification: 0.1 }),
  /** Bounds of the search for Model D. `seconds` ends it early; it is never taken for a fitness. */
  merge: z
    .strictObject({ evaluations: z.int().min(0).max(500), seconds: z.int().min(1).max(3600) })
    .default({ evaluations: 16, seconds: 300 }),
  items: z.array(templateItemSchema).min(1).max(mostItems),
  /** Who consumes what is found while the run goes on. */
  consumers: z.array(consumerSchema).max(100).default([]),
  /** Which category a discovery belongs to that does not say it: the first route that holds. */
  routes: z
    .array(z.strictObject({ name: identifierSchema, when: conditionTextSchema, category: identifierSchema }))
    .max(100)
    .default([]),
  /** Bounds of what may be added while a run goes on. */
  emergence: z
    .strictObject({
      /** How many discoveries may lead to one another. */
      depth: z.int().min(0).max(20).default(5),
      /** How many items may be added. */
      count: z.int().min(0).max(mostItems).default(100),
      /** Expected time of all that is added together. */
      cost: longDuration.default('1 day'),
      /** From which similarity on, from 0 to 1, two discoveries are the same. */
      similarity: z.number().min(0).max(1).default(0.8),
    })
    .prefault({}),
});
export type Template = z.infer<typeof templateSchema>;
