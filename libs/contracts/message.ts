import { z } from 'zod';

/** The scale of messages; `urgent` of items is `high` here. */
export const messagePriorities = ['critical', 'high', 'normal', 'low'] as const;

/** What an item tells those that come after it, once it has ended. Names are as agents elsewhere expect them. */
export const messageSchema = z.strictObject({
  header: z.strictObject({
    /** The item's category. */
    phase: z.string(),
    /** `heptad` for barriers; the agent that was chosen where none answered. */
    agent_id: z.string(),
    /** When it ended. ISO 8601. */
    timestamp: z.iso.datetime(),
    priority: z.enum(messagePriorities),
  }),
  body: z.strictObject({
    /**
     * `result`: done. `warning`: done, and it does not accept what it judged, or a person decided to do without it.
     * `error`: failed. `info`: it was not needed, or cancelled.
     */
    message_type: z.enum(['result', 'error', 'warning', 'info']),
    content: z.record(z.string(), z.unknown()),
    /** The items that it came after. */
    dependencies: z.array(z.string()),
    next_action: z.string(),
  }),
  metadata: z.strictObject({
    /** Seconds from its first start to its end; null where it never started. */
    execution_time: z.number().nonnegative().nullable(),
    /** What the sandbox measured, by name; empty where it measured nothing. */
    resource_usage: z.record(z.string(), z.number()),
    /** Executions and attempts after the first. */
    retry_count: z.int().nonnegative(),
  }),
});
export type Message = z.infer<typeof messageSchema>;

export const messageListSchema = z.strictObject({ messages: z.array(messageSchema) });
