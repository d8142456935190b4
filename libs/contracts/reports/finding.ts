import { z } from 'zod';

export const severities = ['info', 'minor', 'major', 'critical'] as const;

/** One finding of a tool. Line is 1-based; null where the finding is about the whole file or subject. */
export const findingSchema = z.strictObject({
  tool: z.string(),
  rule: z.string(),
  severity: z.enum(severities),
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  message: z.string().max(1000),
});
export type Finding = z.infer<typeof findingSchema>;

/** How many findings a rule of a tool made, most first; files are counted once each. */
export const ruleCountSchema = z.strictObject({
  tool: z.string(),
  rule: z.string(),
  count: z.int(),
  files: z.int(),
});

/** How many findings a file has, most first. */
export const fileCountSchema = z.strictObject({ file: z.string(), count: z.int() });
