import { z } from 'zod';
import { findingSchema } from './finding.js';
import { coverageSchema, testRunSchema } from './tests.js';

/** `infrastructure`: the test environment, the baseline, secrets and licences. */
export const infrastructureReportSchema = z.strictObject({
  kind: z.literal('infrastructure'),
  environment: z.strictObject({
    node: z.string(),
    runner: z.string(),
    scripts: z.record(z.string(), z.string()),
    engines: z.string().nullable(),
  }),
  baseline: testRunSchema,
  coverage: coverageSchema,
  /** Rule, place and a keyed hash of the value (HMAC-SHA-256 with a key of the run), never the value. */
  secrets: z.array(
    z.strictObject({ rule: z.string(), file: z.string(), line: z.int(), keyedHash: z.string() }),
  ),
  licenses: z.strictObject({
    declared: z.string().nullable(),
    valid: z.boolean(),
    files: z.array(z.string()),
    dependencies: z.array(
      z.strictObject({ name: z.string(), version: z.string(), license: z.string().nullable() }),
    ),
  }),
  findings: z.array(findingSchema),
});
export type InfrastructureReport = z.infer<typeof infrastructureReportSchema>;
