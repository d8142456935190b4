import { z } from 'zod';
import { fileCountSchema, findingSchema, ruleCountSchema } from './finding.js';

/** `code`: structure, style and technical debt, counted by rule and by file. */
export const codeReportSchema = z.strictObject({
  kind: z.literal('code'),
  /** The library's own files that were looked at: not tests, examples or minified ones. */
  files: z.array(
    z.strictObject({ file: z.string(), lines: z.int(), functions: z.int(), maxComplexity: z.int() }),
  ),
  findings: z.array(findingSchema),
  byRule: z.array(ruleCountSchema),
  byFile: z.array(fileCountSchema),
  totals: z.strictObject({ style: z.int(), correctness: z.int(), debt: z.int(), all: z.int() }),
});
export type CodeReport = z.infer<typeof codeReportSchema>;
