import { z } from 'zod';

const texts = z.array(z.string());
const count = z.int().nonnegative();

/** A question that the last consolidation answers; `met` is null where nobody reported what it takes. */
const answeredSchema = z.strictObject({
  id: z.string(),
  says: z.string(),
  met: z.boolean().nullable(),
  evidence: z.string(),
});
export type Answered = z.infer<typeof answeredSchema>;

const beforeAfterSchema = z.strictObject({ before: count, after: count });

/**
 * What a final consolidation says of the whole work. Each line follows from an outcome that arrived; what nobody
 * reported is null or empty, and named in `notReported`.
 */
export const finalReportSchema = z.strictObject({
  executiveSummary: z.string(),
  technicalDetails: texts,
  deploymentInstructions: texts,
  monitoringConfiguration: texts,
  knownIssues: texts,
  projectSummary: z.strictObject({
    changesImplemented: z.array(
      z.strictObject({
        item: z.string(),
        agent: z.string(),
        strategy: z.string(),
        files: texts,
        /** Files that were left as they were, with a reason. */
        left: count,
      }),
    ),
    testsPassed: count.nullable(),
    testsFailed: count.nullable(),
    /** Documents among the files that were changed. */
    documentationUpdated: texts,
    performanceImpact: z.strictObject({
      /** `within`, `degraded` or `not-measured`. */
      load: z.string().nullable(),
      memory: z.string().nullable(),
      size: z.string().nullable(),
      /** Bytes that would be published. */
      bytes: beforeAfterSchema.nullable(),
      /** Cyclomatic complexity of the library's functions, summed. */
      complexity: beforeAfterSchema.nullable(),
      lines: beforeAfterSchema.nullable(),
    }),
  }),
  deploymentReadiness: z.strictObject({
    status: z.enum(['ready', 'blocked', 'conditional']),
    blockers: texts,
    warnings: texts,
    /** When it may go out; null, since no agent reports it so far. */
    deploymentWindow: z.string().nullable(),
  }),
  monitoringSetup: z.strictObject({
    metricsConfigured: texts,
    alertsDefined: texts,
    dashboardsCreated: texts,
  }),
  rollbackPlan: z.strictObject({ triggers: texts, procedures: texts, validationSteps: texts }),
  /** Whether the work succeeded, question by question. */
  successCriteria: z.array(answeredSchema),
  /** What has to be right before it goes out. */
  deploymentChecklist: z.array(answeredSchema),
  notReported: texts,
});
export type FinalReport = z.infer<typeof finalReportSchema>;
