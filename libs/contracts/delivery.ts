import { z } from 'zod';
import { digestSchema } from './artifact.js';

/** An age recipient (`age1…`), to whose key what is delivered is encrypted. */
export const recipientSchema = z
  .string()
  .regex(/^age1[a-z0-9]{10,2000}$/, 'An age recipient begins with age1.');

/**
 * Where a package is delivered to, beside its folder. Credentials never stand here: they are of the worker's
 * environment.
 */
export const targetSchema = z.discriminatedUnion('kind', [
  /** A folder below one of `HEPTAD_DELIVERY_ROOTS`; absolute. The package becomes a folder in it, or one file. */
  z.strictObject({
    kind: z.literal('folder'),
    path: z.string().min(1).max(1000),
    encryptTo: recipientSchema.optional(),
  }),
  /** A bucket: one object, `{prefix}run-{id}.tar`, with `.age` where it is encrypted. */
  z.strictObject({
    kind: z.literal('s3'),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    prefix: z.string().max(500).default(''),
    encryptTo: recipientSchema.optional(),
  }),
  /** A git repository: the delivered workspace as a commit on a branch, the attestations in a note on it. */
  z.strictObject({
    kind: z.literal('git'),
    url: z.string().min(1).max(1000),
    branch: z.string().min(1).max(200),
    /** The commit becomes a child of the branch's head, or of this ref where the branch is new. */
    base: z.string().max(200).optional(),
  }),
]);
export type Target = z.infer<typeof targetSchema>;

/** The receipt of a delivery to a target; an artifact. */
export const deliveryReceiptSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  record: digestSchema,
  manifest: digestSchema,
  target: targetSchema,
  /** Where it is now: a path, `s3://bucket/key`, or `url#branch`. */
  location: z.string(),
  /**
   * What is there: of a folder the SHA-256 of its `delivery.json`, of a file or object that of its bytes, as 64
   * hexadecimal digits, because it is no artifact; of a branch the id of the commit.
   */
  written: z.string().regex(/^[0-9a-f]{40,64}$/),
});
export type DeliveryReceipt = z.infer<typeof deliveryReceiptSchema>;
