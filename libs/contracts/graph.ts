import { z } from 'zod';
import { priorities } from '../protocol/priorities.js';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { expressionSchema, factValueSchema } from './condition.js';
import { snapshotRefSchema } from './subject.js';
import { failureStrategies } from './template.js';

/** An agent by id and the digest of its manifest. */
export const agentRefSchema = z.strictObject({ id: z.string(), manifest: digestSchema });
export type AgentRef = z.infer<typeof agentRefSchema>;

/** Attempts of one execution, as Temporal's retry policy; times in milliseconds. */
export const retryRuleSchema = z.strictObject({
  attempts: z.int().positive(),
  intervalMs: z.int().positive(),
  backoff: z.number().min(1),
  mostIntervalMs: z.int().positive(),
  /** Codes that are tried again although they are final elsewhere. */
  on: z.array(z.string()),
});

/** What an item does otherwise than most. What is left out is as it is said here. */
export const itemRulesSchema = z.strictObject({
  /** Default: none, it always holds. */
  condition: expressionSchema.optional(),
  /** Default: `normal`. */
  priority: z.enum(priorities).optional(),
  /** It sleeps until the item `for` has failed for good. Default: it does not sleep. */
  standby: z.strictObject({ for: z.string(), as: z.enum(['fallback', 'recovery', 'part']) }).optional(),
  /** The item that sleeps until this one has failed for good, and whose result then stands for this one's. */
  fallback: z.string().optional(),
  /** Items that sleep until this one has failed for good; when they have ended it is done once more. */
  recovery: z
    .strictObject({ items: z.array(z.string()).min(1), mode: z.enum(['automatic', 'manual']) })
    .optional(),
  /** What is tried after a failure, in this order. Default: each backup agent. */
  onFailure: z.array(z.enum(failureStrategies)).optional(),
  /** Default: what is transient is tried again, without a number. */
  retry: retryRuleSchema.optional(),
  /** Whether an earlier result for the same may be taken. Default: no. */
  cache: z.boolean().optional(),
  /** A person looks at the result, always or where `when` holds, within a time. Default: nobody does. */
  review: z.strictObject({ when: expressionSchema.optional(), withinMs: z.int().positive() }).optional(),
  /** A consolidation's time for the whole of its collection. Default: none, it waits. */
  deadlineMs: z.int().positive().optional(),
  /** Facts of its outcome that the graph needs, by their path with dots; they come with the result. */
  facts: z.array(z.string()).optional(),
  /** How long it is expected to take. */
  expectedMs: z.int().positive().optional(),
  /** It works on what these handed back, merged. */
  merges: z.array(z.string()).optional(),
  /** What it was made for while the run went on. */
  discovered: z
    .strictObject({
      /** The item whose outcome it follows from, or whose failure. */
      by: z.string(),
      /** How many discoveries led to one another, this one included. */
      depth: z.int().positive(),
      /** Which discovery of the outcome, from 0; left out where it follows from the result itself. */
      index: z.int().nonnegative().optional(),
      /** The code of the failure that it recovers from; what fails in turn makes no more of it. */
      recovers: z.string().optional(),
    })
    .optional(),
});
export type ItemRules = z.infer<typeof itemRulesSchema>;

/**
 * One item of the compact graph that the workflow interprets. Bodies (parameters, prompts, schemas) stay in the
 * template's artifact; activities fetch them by `body`.
 */
export const graphItemSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  kind: z.enum(['agent', 'consolidation', 'checkpoint', 'map']),
  /** Id of the template's item that it was made from. */
  body: z.string(),
  /** Ids of the items that must be settled before; one that failed fails this too, unless it is optional. */
  after: z.array(z.string()),
  /** Whose workspace it gets: the captured subject's, or the one that an item handed back. */
  workspace: z.string().nullable(),
  /** Candidate letter, where it belongs to a candidate; such an item's failure only takes that candidate out. */
  candidate: z.string().nullable(),
  /** The agent, then its backups in order. Empty for barriers. */
  agents: z.array(agentRefSchema),
  /** From start to close of one attempt, in milliseconds. */
  timeoutMs: z.int().positive(),
  /** The item that this one repairs: same work, narrower scope. */
  repairs: z.string().nullable(),
  rules: itemRulesSchema.optional(),
});
export type GraphItem = z.infer<typeof graphItemSchema>;

/** The compact work graph, as it travels in the payload. */
export const workGraphSchema = z.strictObject({
  items: z.array(graphItemSchema),
  /** Items that may run at once. */
  parallel: z.int().positive(),
  /** Repair items that may still be added. */
  repairs: z.int().nonnegative(),
  /**
   * Categories whose results make more work. Left out: the template consumes nothing, so discoveries are follow-ups,
   * and what fails makes no work.
   */
  consumes: z.array(z.string()).optional(),
});
export type WorkGraph = z.infer<typeof workGraphSchema>;

/**
 * The states of an item. `pending` waits for others, `ready` for a free lane or to be let go on, `retrying` was
 * executed and is executed again, `awaiting_review` and `blocked` wait for a person. The last five are final.
 */
export const itemStatuses = [
  'pending',
  'ready',
  'running',
  'retrying',
  'paused',
  'awaiting_review',
  'blocked',
  'completed',
  'failed',
  'skipped',
  'cancelled',
  'timeout',
] as const;
export type ItemStatus = (typeof itemStatuses)[number];

/** The states in which an item ends without a result. */
export const endedWithoutResult = ['failed', 'skipped', 'cancelled', 'timeout'] as const;

/** An item that ended without a result, and why. */
export const unfinishedItemSchema = z.strictObject({
  item: z.string(),
  status: z.enum(endedWithoutResult),
  code: z.string(),
  /** Who decided so and why, where a person did: a recorded waiver of the item. */
  waived: z.strictObject({ by: z.string(), reason: z.string() }).optional(),
});
export type UnfinishedItem = z.infer<typeof unfinishedItemSchema>;

/** What an item committed, as references under 1 KB. */
export const itemResultSchema = z.strictObject({
  item: z.string(),
  agent: agentRefSchema.nullable(),
  outcome: artifactRefSchema,
  measurements: artifactRefSchema.nullable(),
  workspace: snapshotRefSchema.nullable(),
  /** One line for people. */
  summary: z.string().max(200),
  /** What drives the graph: whether a validation accepted its candidate, whether a checkpoint passed; else true. */
  accepted: z.boolean(),
  /** The facts of the outcome that the graph asked for, by their path with dots; what is not there is left out. */
  facts: z.record(z.string(), factValueSchema).optional(),
  /** Whether it is a result of an earlier run, used again. */
  cached: z.boolean().optional(),
  /** How many discoveries the outcome carries. */
  discoveries: z.int().positive().optional(),
  /** How it was executed, where that was not plainly. */
  how: z.enum(['narrow', 'log']).optional(),
  /** The item that did it in this one's place. */
  standIn: z.string().optional(),
  /** The workspace that it worked on, where that was merged for it and it hands back none. */
  workedOn: snapshotRefSchema.optional(),
  /** The run that did it, where that was an earlier one; it is not done again. */
  reusedFrom: z.string().optional(),
});
export type ItemResult = z.infer<typeof itemResultSchema>;

/** An item as people see it. */
export interface ItemView {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly status: ItemStatus;
  readonly agent: string | null;
  readonly candidate: string | null;
  readonly summary: string | null;
  readonly code: string | null;
  /** ISO 8601, by the workflow's clock. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}
