import { z } from 'zod';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { snapshotRefSchema } from './subject.js';
import { categories } from './template.js';

/** An agent by id and the digest of its manifest. */
export const agentRefSchema = z.strictObject({ id: z.string(), manifest: digestSchema });
export type AgentRef = z.infer<typeof agentRefSchema>;

/**
 * One item of the compact graph that the workflow interprets. Bodies (parameters, prompts, schemas) stay in the
 * template's artifact; activities fetch them by `body`.
 */
export const graphItemSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  category: z.enum(categories),
  kind: z.enum(['agent', 'consolidation', 'checkpoint']),
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
});
export type GraphItem = z.infer<typeof graphItemSchema>;

/** The compact work graph, as it travels in the payload. */
export const workGraphSchema = z.strictObject({
  items: z.array(graphItemSchema),
  /** Items that may run at once. */
  parallel: z.int().positive(),
  /** Repair items that may still be added. */
  repairs: z.int().nonnegative(),
});
export type WorkGraph = z.infer<typeof workGraphSchema>;

export const itemStatuses = ['pending', 'running', 'completed', 'failed', 'skipped'] as const;
export type ItemStatus = (typeof itemStatuses)[number];

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
