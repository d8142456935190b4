import { z } from 'zod';

/**
 * What a person can say of an item: `approve` or `reject` a result that waits for review; have one that waits for a
 * person done again (`retry`), its recovery begun (`recover`), or failed (`fail`); `skip` one that is not settled.
 */
export const itemDecisions = ['approve', 'reject', 'retry', 'recover', 'skip', 'fail'] as const;
export type ItemDecision = (typeof itemDecisions)[number];

/** The argument of the update `decide`. */
export const decideItemSchema = z.strictObject({
  item: z.string().min(1).max(200),
  decision: z.enum(itemDecisions),
  /** Who decides. */
  by: z.string().min(1).max(100),
  /** Why; it is kept with the item. */
  reason: z.string().min(1).max(1000),
});
export type DecideItem = z.infer<typeof decideItemSchema>;

/** The argument of the update `advance`: so many items, all that are ready now, or all from now on. */
export const advanceItemsSchema = z.strictObject({
  items: z.union([z.int().min(1).max(1000), z.enum(['ready', 'all'])]),
});
export type AdvanceItems = z.infer<typeof advanceItemsSchema>;
