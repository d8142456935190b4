import { z } from 'zod';
import { digestSchema } from '../artifact.js';
import { literalSchema } from '../condition.js';
import { finalReportSchema } from './final-report.js';
import { severities } from './finding.js';
import { fitnessMeasurementsSchema } from './fitness.js';

export const conflictSchema = z.strictObject({
  between: z.array(z.string()),
  about: z.string(),
  severity: z.enum(severities),
  /** What was decided, and by which rule. */
  resolution: z.string().nullable(),
});

/** An item that has no result although one was needed: who was to do it, and why there is none. */
export const lackingSchema = z.strictObject({
  item: z.string(),
  /** The agent that was chosen for it; null for a barrier. */
  agent: z.string().nullable(),
  code: z.string(),
  /** Who decided to do without it, and why; null where nobody did. */
  waived: z.strictObject({ by: z.string(), reason: z.string() }).nullable(),
});
export type Lacking = z.infer<typeof lackingSchema>;

/** `synthesis`: what a consolidation makes of its inputs. */
export const synthesisSchema = z.strictObject({
  kind: z.literal('synthesis'),
  phase: z.string(),
  /** Each input once: item, agent, digest of the outcome. */
  inputs: z.array(z.strictObject({ item: z.string(), agent: z.string(), outcome: digestSchema })),
  /** Items that were needed and have no result. */
  missing: z.array(z.string()),
  /** Who was to do those, and why there is no result; left out where nothing is missing. */
  lacking: z.array(lackingSchema).min(1).optional(),
  /** Items that have no result because none was wanted; left out where there is none. */
  notNeeded: z.array(z.string()).min(1).optional(),
  synthesis: z.strictObject({
    architectureMap: z.record(z.string(), z.unknown()),
    codePatterns: z.array(z.strictObject({ pattern: z.string(), count: z.int(), files: z.int() })),
    infrastructureState: z.record(z.string(), z.unknown()),
    conflicts: z.array(conflictSchema),
    dependencies: z.array(
      z.strictObject({ name: z.string(), license: z.string().nullable(), usedBy: z.array(z.string()) }),
    ),
    riskAssessment: z.array(
      z.strictObject({ risk: z.string(), severity: z.enum(severities), evidence: z.string() }),
    ),
    /**
     * Reports that keep to no contract of ours, each with its plain fields and the length of its lists; left out where
     * there is none.
     */
    reports: z
      .array(
        z.strictObject({
          item: z.string(),
          agent: z.string(),
          facts: z.record(z.string(), literalSchema),
          lists: z.record(z.string(), z.int().nonnegative()),
        }),
      )
      .min(1)
      .optional(),
  }),
  decisions: z.strictObject({
    implementationStrategy: z.string(),
    priorityOrder: z.array(z.string()),
    resourceAllocation: z.record(z.string(), z.unknown()),
  }),
  /** What a final consolidation adds; left out by others. */
  final: finalReportSchema.optional(),
});
export type Synthesis = z.infer<typeof synthesisSchema>;

export const criterionSchema = z.strictObject({
  id: z.string(),
  says: z.string(),
  met: z.boolean(),
  evidence: z.string(),
});

export const decisions = ['PROCEED', 'CONDITIONAL_PROCEED', 'BLOCK'] as const;
export type Decision = (typeof decisions)[number];

/** A criterion of a checkpoint, and how many warnings it makes where it is not met; left out: one. */
const checkpointCriterionSchema = criterionSchema.extend({ warnings: z.int().min(2).optional() });

/**
 * `checkpoint`: the criteria, each with its evidence, and whether it passed: where all are met or, where it decides by
 * the matrix, unless that says BLOCK.
 */
export const checkpointSchema = z.strictObject({
  kind: z.literal('checkpoint'),
  criteria: z.array(checkpointCriterionSchema),
  passed: z.boolean(),
  /** What the matrix says; left out where all criteria have to be met. */
  decision: z.enum(decisions).optional(),
  /** Ids of the criteria that are not met and do not block by themselves; with `decision` only. */
  warnings: z.array(z.string()).optional(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** One candidate's standing. The formula of `fitness` is in docs/reference/fitness.md; null where it failed. */
export const standingSchema = z.strictObject({
  candidate: z.string(),
  item: z.string(),
  strategy: z.string(),
  agent: z.string(),
  eligible: z.boolean(),
  reason: z.string(),
  fitness: z.number().nullable(),
  /** What the fitness was computed from; null where the candidate is not eligible. */
  measurements: fitnessMeasurementsSchema.nullable(),
  findings: z.int(),
  testsPassed: z.int(),
  testsFailed: z.int(),
  broken: z.int(),
  missing: z.int(),
  linesChanged: z.int(),
  functionCoverage: z.number().nullable(),
  workspace: digestSchema,
});
export type Standing = z.infer<typeof standingSchema>;

/** What the phase verify finds of the whole run. */
export const judgementSchema = z.strictObject({
  kind: z.literal('judgement'),
  decision: z.enum(decisions),
  criteria: z.array(criterionSchema),
  warnings: z.array(z.string()),
  standings: z.array(standingSchema),
  /** The best eligible candidate; null where there is none. */
  best: z.string().nullable(),
});
export type Judgement = z.infer<typeof judgementSchema>;
