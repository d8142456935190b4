import { z } from 'zod';
import { priorities } from '../protocol/priorities.js';
import { digestSchema } from './artifact.js';

/** Kinds of discoveries, by which they are routed to a category. */
export const discoveryKinds = [
  'optimisation',
  'performance',
  'security',
  'bug',
  'test-failure',
  'documentation',
  'other',
] as const;

/** Who may see a discovery: everybody, its run alone, its tenant, those with a label, or everybody after a time. */
export const visibilitySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('public') }),
  z.strictObject({ kind: z.literal('private') }),
  z.strictObject({ kind: z.literal('tenant') }),
  z.strictObject({ kind: z.literal('labelled'), labels: z.array(z.string().min(1).max(50)).min(1).max(20) }),
  z.strictObject({ kind: z.literal('after'), at: z.iso.datetime() }),
]);

/**
 * Work that an agent found, as it says so in its outcome under `discoveries`. It is taken in only where it keeps to
 * this contract, is no duplicate, and the budget allows it.
 */
export const discoverySchema = z.strictObject({
  description: z.string().min(10).max(500),
  kind: z.enum(discoveryKinds).default('other'),
  /** The category of work that it belongs to; absent: the template's routes decide by kind. */
  category: z.string().max(50).optional(),
  priority: z.enum(priorities).default('normal'),
  /** When it is done, as something that can be checked. */
  done: z.string().min(10).max(500),
  /** Items, or discoveries of the same outcome as `#1`, `#2`, that must complete first. */
  blockedBy: z.array(z.string().max(60)).max(50).default([]),
  tags: z.array(z.string().min(1).max(50)).max(20).default([]),
  visibility: visibilitySchema.default({ kind: 'public' }),
  /** What its item gets as parameters. */
  parameters: z.record(z.string(), z.unknown()).default({}),
});
export type Discovery = z.infer<typeof discoverySchema>;

/** What became of a discovery. */
export const discoveryFates = ['admitted', 'duplicate', 'refused', 'follow-up'] as const;

/** One discovery in the ledger of a run: what was said, by whom, and what became of it. */
export const ledgerEntrySchema = z.strictObject({
  /** From 1, in the order in which discoveries were looked at. */
  number: z.int().positive(),
  /** The item that made it. */
  by: z.string(),
  /** How many discoveries led to one another, this one included. */
  depth: z.int().positive(),
  /** Null where it did not keep to its contract; `reason` says how. */
  discovery: discoverySchema.nullable(),
  /** Which discovery of the outcome it is, from 0; null where it stands for the failure of `by`. */
  index: z.int().nonnegative().nullable(),
  category: z.string().nullable(),
  /** Name of the route that decided the category; null where the discovery named it. */
  route: z.string().nullable(),
  fate: z.enum(discoveryFates),
  /** Why it was refused, or is a follow-up. */
  reason: z.string().nullable(),
  /** Number of the entry that it says again. */
  duplicateOf: z.int().positive().nullable(),
  /** Ids of the items that do it. */
  items: z.array(z.string()),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** A ledger in which nothing is yet. */
export const emptyLedger = {
  kind: 'ledger',
  version: 1,
  previous: null,
  entries: [],
  consumed: [],
  costMs: 0,
} as const satisfies z.input<typeof ledgerSchema>;

/** Every discovery of a run so far; an artifact, written anew for each outcome that has some. */
export const ledgerSchema = z.strictObject({
  kind: z.literal('ledger'),
  version: z.literal(1),
  /** Digest of the ledger before; null for the first. */
  previous: digestSchema.nullable(),
  entries: z.array(ledgerEntrySchema),
  /** Results that were consumed, and the items that were made for them, in this order. */
  consumed: z.array(z.strictObject({ result: z.string(), consumer: z.string(), items: z.array(z.string()) })),
  /** Milliseconds that all items which were added are expected to take together. */
  costMs: z.int().nonnegative(),
});
export type Ledger = z.infer<typeof ledgerSchema>;
