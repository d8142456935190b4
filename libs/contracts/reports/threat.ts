import { z } from 'zod';
import { findingSchema, severities } from './finding.js';

/** How bad it is for a class of data to become known, least first. */
export const classifications = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Classification = (typeof classifications)[number];

export const riskLevels = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** The six analyses of an infrastructure description, in the order in which they are listed. */
export const coreAnalyses = [
  'document-analysis',
  'architectural-risk',
  'business-financial',
  'compliance-governance',
  'data-flow-analysis',
  'attack-path-analyzer',
] as const;
export type CoreAnalysis = (typeof coreAnalyses)[number];

/** What is done with the risk once it is known: one of these, by level and confidence. */
export const riskBranches = ['high-risk-analysis', 'low-risk-summary', 'standard-risk-review'] as const;
export type RiskBranch = (typeof riskBranches)[number];

const share = z.number().min(0).max(1);
const score = z.number().min(0).max(100);
const count = z.int().nonnegative();
const names = z.array(z.string());

/** What every one of the six analyses says. */
export const analysisSchema = z.object({
  findings: z.array(findingSchema),
  /** Findings beyond the most that are listed; they count in the score. */
  omitted: count,
  /** Risk by this analysis alone, from 0 to 100; see docs/reference/threat-assessment.md. */
  score,
  /** What it read and could check against something else, and what it could not. */
  checked: count,
  unchecked: count,
  /** `checked` as a share of both; 0 where there was nothing. */
  coverage: share,
});
export type Analysis = z.infer<typeof analysisSchema>;

const analysis = analysisSchema.shape;

/** `document-analysis`: what the documents say, and whether it is so. */
export const documentAnalysisSchema = z.strictObject({
  kind: z.literal('document-analysis'),
  ...analysis,
  documents: z.array(
    z.strictObject({
      file: z.string(),
      title: z.string().nullable(),
      sections: count,
      links: count,
      /** Owners, review dates and the like, word for word. */
      claims: z.array(z.strictObject({ says: z.string(), value: z.string(), line: z.int().positive() })),
    }),
  ),
  services: z.strictObject({
    documented: names,
    undocumented: names,
    /** Named as a service by a document, and none of the description. */
    unknown: names,
  }),
  /** Services that a runbook is about. */
  runbooks: names,
});
export type DocumentAnalysis = z.infer<typeof documentAnalysisSchema>;

/** `architectural-risk`: what fails together, what is open, what is configured dangerously. */
export const architecturalRiskSchema = z.strictObject({
  kind: z.literal('architectural-risk'),
  ...analysis,
  services: z.array(
    z.strictObject({
      name: z.string(),
      role: z.string(),
      zone: z.enum(['edge', 'internal', 'isolated']),
      replicas: count,
      published: names,
    }),
  ),
  connections: z.array(
    z.strictObject({ from: z.string(), to: z.string(), encrypted: z.boolean().nullable() }),
  ),
  /** Services without which others are cut off from the rest. */
  articulations: names,
  /** Connections without which a part is cut off from the rest, as `a - b`. */
  bridges: names,
  cycles: z.array(names),
});
export type ArchitecturalRisk = z.infer<typeof architecturalRiskSchema>;

/** `business-financial`: what it costs, and what hangs on each part. Money is in `currency`, per month. */
export const businessFinancialSchema = z.strictObject({
  kind: z.literal('business-financial'),
  ...analysis,
  currency: z.string().nullable(),
  monthly: z.number().nonnegative(),
  /** Share of the most expensive service. */
  largestShare: share,
  services: z.array(
    z.strictObject({
      name: z.string(),
      monthly: z.number().nonnegative().nullable(),
      criticality: z.string().nullable(),
      /** Services that fail with it, itself among them. */
      affected: names,
      revenueShare: share,
      /** Revenue per month that hangs on it; null where the revenue is not said. */
      exposure: z.number().nonnegative().nullable(),
    }),
  ),
});
export type BusinessFinancial = z.infer<typeof businessFinancialSchema>;

export const controlStates = ['met', 'partial', 'unmet', 'not-applicable'] as const;

/** `compliance-governance`: which controls are met, and whether what is said of them can be seen. */
export const complianceGovernanceSchema = z.strictObject({
  kind: z.literal('compliance-governance'),
  ...analysis,
  framework: z.string().nullable(),
  controls: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      stated: z.enum(controlStates),
      evidence: z.enum(['found', 'empty', 'missing', 'none']),
      /** What the description itself shows, where the control names a check. */
      check: z.enum(['holds', 'fails', 'none']),
      /** Stated as met, its evidence is there, and nothing speaks against it. */
      met: z.boolean(),
    }),
  ),
  /** Share of the applicable controls that are met. */
  metShare: share,
});
export type ComplianceGovernance = z.infer<typeof complianceGovernanceSchema>;

/** `data-flow-analysis`: where classes of data go, and over what. */
export const dataFlowAnalysisSchema = z.strictObject({
  kind: z.literal('data-flow-analysis'),
  ...analysis,
  flows: z.array(
    z.strictObject({
      data: z.string(),
      classification: z.enum(classifications),
      from: z.string(),
      to: z.string(),
      /** Services on the way, both ends among them. */
      by: names,
      encrypted: z.boolean().nullable(),
    }),
  ),
  /** Connections that leave the description. */
  external: z.array(
    z.strictObject({ from: z.string(), host: z.string(), encrypted: z.boolean().nullable() }),
  ),
});
export type DataFlowAnalysis = z.infer<typeof dataFlowAnalysisSchema>;

export const attackStepSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** What the step makes use of. */
  by: z.string(),
  effort: z.number().nonnegative(),
  /** The measure that ends it. */
  measure: z.string(),
  /** What that measure takes, in days of work. */
  days: z.number().positive(),
});
export type AttackStep = z.infer<typeof attackStepSchema>;

export const attackTargetSchema = z.strictObject({
  service: z.string(),
  /** The highest of the data in it; null where nobody says. */
  classification: z.enum(classifications).nullable(),
  /** Effort of the cheapest path; null where none leads to it. */
  effort: z.number().nonnegative().nullable(),
  /** Paths of which no two share a step between. */
  distinct: count,
  /** What every path goes through. */
  chokePoints: names,
  /** The cheapest paths, cheapest first. */
  paths: z.array(z.strictObject({ effort: z.number().nonnegative(), steps: z.array(attackStepSchema) })),
});
export type AttackTarget = z.infer<typeof attackTargetSchema>;

/** `attack-path-analyzer`: how one gets from the internet to sensitive data, and with what effort. */
export const attackPathAnalyzerSchema = z.strictObject({
  kind: z.literal('attack-path-analyzer'),
  ...analysis,
  entries: names,
  targets: z.array(attackTargetSchema),
});
export type AttackPathAnalyzer = z.infer<typeof attackPathAnalyzerSchema>;

/** How the scores become one: by weight, or the worst alone. */
export const assessmentMethods = ['weighted', 'worst'] as const;
export type AssessmentMethod = (typeof assessmentMethods)[number];

const bySeverity = z.strictObject({ info: count, minor: count, major: count, critical: count });

/** `risk-assessment`: the six together. Names with underscores, because conditions of templates read them. */
export const riskAssessmentSchema = z.strictObject({
  kind: z.literal('risk-assessment'),
  risk_level: z.enum(riskLevels),
  confidence: share,
  risk_score: score,
  method: z.enum(assessmentMethods),
  contributions: z.array(
    z.strictObject({
      analysis: z.enum(coreAnalyses),
      weight: share,
      score,
      coverage: share,
      /** What it adds to the weighted mean. */
      adds: score,
    }),
  ),
  /** Analyses that gave no outcome that can be used. */
  missing: z.array(z.enum(coreAnalyses)),
  /** Why the level is what it is. */
  reasons: names,
  findings: bySeverity,
});
export type RiskAssessment = z.infer<typeof riskAssessmentSchema>;

const measureSchema = z.strictObject({
  measure: z.string(),
  days: z.number().positive(),
  /** How many of the listed paths it cuts. */
  cuts: count,
  /** Paths cut per day of work. */
  cutsPerDay: z.number().nonnegative(),
});

/** `high-risk-analysis`: the measures that cut the paths. */
export const highRiskAnalysisSchema = z.strictObject({
  kind: z.literal('high-risk-analysis'),
  risk_level: z.enum(riskLevels),
  paths: count,
  /** Every measure that cuts a path, most paths per day of work first. */
  measures: z.array(measureSchema),
  /** In this order; each cuts the most of what is left per day of work, until all are cut. */
  plan: z.array(z.strictObject({ ...measureSchema.shape, left: count })),
  planDays: z.number().nonnegative(),
  /** Of each target the cheapest set of measures that lets no path through, listed or not. */
  cuts: z.array(z.strictObject({ service: z.string(), days: z.number().nonnegative(), measures: names })),
  /** The critical findings, of whichever analysis. */
  critical: z.array(findingSchema),
});
export type HighRiskAnalysis = z.infer<typeof highRiskAnalysisSchema>;

/** `low-risk-summary`: why it is low, and what is left to do. */
export const lowRiskSummarySchema = z.strictObject({
  kind: z.literal('low-risk-summary'),
  risk_level: z.enum(riskLevels),
  confidence: share,
  statement: z.string(),
  findings: bySeverity,
  /** The most severe of what is left. */
  remaining: z.array(findingSchema),
});
export type LowRiskSummary = z.infer<typeof lowRiskSummarySchema>;

/** `standard-risk-review`: what to look at, where it is neither low nor surely high. */
export const standardRiskReviewSchema = z.strictObject({
  kind: z.literal('standard-risk-review'),
  risk_level: z.enum(riskLevels),
  confidence: share,
  because: z.enum(['medium-risk', 'low-confidence']),
  /** What would have to be known for more confidence, least covered first. */
  gaps: z.array(
    z.strictObject({
      analysis: z.enum(coreAnalyses),
      coverage: share,
      unchecked: count,
      missing: z.boolean(),
    }),
  ),
  /** Rules that found something, worst first. */
  priorities: z.array(
    z.strictObject({
      analysis: z.string(),
      rule: z.string(),
      severity: z.enum(severities),
      count,
      example: z.string(),
    }),
  ),
});
export type StandardRiskReview = z.infer<typeof standardRiskReviewSchema>;

/** `threat-report`: the whole, after it was checked once more. */
export const threatReportSchema = z.strictObject({
  kind: z.literal('threat-report'),
  risk_level: z.enum(riskLevels),
  confidence: share,
  branch: z.enum(riskBranches),
  /** Whether level, confidence, branch and the places of the findings stood the check. */
  consistent: z.boolean(),
  problems: names,
  findings: bySeverity,
  /** The report for people, as Markdown. */
  markdown: z.string(),
});
export type ThreatReport = z.infer<typeof threatReportSchema>;

/** The contract of each outcome of a threat assessment that later items read, by its kind. */
export const threatOutcomes = {
  'document-analysis': documentAnalysisSchema,
  'architectural-risk': architecturalRiskSchema,
  'business-financial': businessFinancialSchema,
  'compliance-governance': complianceGovernanceSchema,
  'data-flow-analysis': dataFlowAnalysisSchema,
  'attack-path-analyzer': attackPathAnalyzerSchema,
  'risk-assessment': riskAssessmentSchema,
  'high-risk-analysis': highRiskAnalysisSchema,
  'low-risk-summary': lowRiskSummarySchema,
  'standard-risk-review': standardRiskReviewSchema,
} as const;
export type ThreatOutcomes = {
  [Kind in keyof typeof threatOutcomes]: z.infer<(typeof threatOutcomes)[Kind]>;
};
