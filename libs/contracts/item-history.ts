import { z } from 'zod';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { ledgerEntrySchema } from './discovery.js';
import { attemptSchema } from './evidence.js';
import { agentRefSchema, itemResultSchema } from './graph.js';
import { failureSchema, itemViewSchema } from './run.js';

/** The answer to `GET /v1/runs/{id}/discoveries`. */
export const discoveriesSchema = z.strictObject({
  /** Digest of the ledger; null where there is none, or it cannot be had now. */
  ledger: digestSchema.nullable(),
  /** What the asker may see, in the order of their numbers. */
  discoveries: z.array(ledgerEntrySchema),
  /** How many there are beside these that the asker may not see. */
  hidden: z.int().nonnegative(),
  /** Why nothing is known of discoveries; null where it is. */
  unavailable: z.string().nullable(),
});
export type Discoveries = z.infer<typeof discoveriesSchema>;

/** One time that an item was executed: one activity, in one attempt or several. */
export const executionOfItemSchema = z.strictObject({
  /** `{item}.{occurrence}`. */
  activity: z.string(),
  agent: agentRefSchema.nullable(),
  how: z.string().nullable(),
  scheduledAt: z.string(),
  endedAt: z.string().nullable(),
  /** What it was given, by the item that it is of. */
  inputs: z.array(artifactRefSchema.extend({ item: z.string() })),
  result: itemResultSchema.nullable(),
  failure: failureSchema.nullable(),
  attempts: z.array(
    attemptSchema.pick({ attempt: true, startedAt: true, endedAt: true, outcome: true, code: true }),
  ),
});
export type ExecutionOfItem = z.infer<typeof executionOfItemSchema>;

/** The answer to `GET /v1/runs/{id}/items/{item}`: an item with all that it came from and led to. */
export const itemHistorySchema = z.strictObject({
  id: z.string(),
  /** How it stands; null where no worker says. */
  item: itemViewSchema.nullable(),
  executions: z.array(executionOfItemSchema),
  /** The discovery that it was made for; null where it was planned, or the asker may not see it. */
  madeFor: ledgerEntrySchema.nullable(),
  /** What it found, with the route that each took. */
  found: z.array(ledgerEntrySchema),
  /** Who consumed its result, and the items that were made for that. */
  consumedBy: z.array(z.strictObject({ consumer: z.string(), items: z.array(z.string()) })),
  /** Items that were given its outcome, in the order in which they first were. */
  usedBy: z.array(z.string()),
});
export type ItemHistory = z.infer<typeof itemHistorySchema>;
