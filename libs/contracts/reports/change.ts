import { z } from 'zod';
import { discoverySchema } from '../discovery.js';
import { findingSchema } from './finding.js';
import { testRunSchema } from './tests.js';

/** What is looked for where work is done again and again; see docs/reference/self-improving-change.md. */
export const siteRules = [
  'cache-loop-length',
  'cache-computation',
  'regexp-in-loop',
  'require-in-loop',
] as const;

/** A place where work is done again and again. */
export const siteSchema = z.strictObject({
  rule: z.enum(siteRules),
  file: z.string(),
  line: z.int().positive(),
  /** The code that is done again, on one line, at most 120 characters. */
  code: z.string(),
  /** By what it is known again when lines have moved: rule, file, function and code. */
  key: z.string().max(4000),
});
export type Site = z.infer<typeof siteSchema>;

/** A place, and whether the work can be done once without another result; if not, why. */
export const judgedSiteSchema = siteSchema.extend({ safe: z.boolean(), reasons: z.array(z.string()) });
export type JudgedSite = z.infer<typeof judgedSiteSchema>;

/** A part of the subject and why it is as it is. */
const fileReasonSchema = z.strictObject({ file: z.string(), reason: z.string() });

/** `change-analysis`: what is to be changed, in pieces, and whether that is approved. */
export const changeAnalysisSchema = z.strictObject({
  kind: z.literal('change-analysis'),
  /** What was analysed: the whole library, or places that a discovery named. */
  about: z.enum(['library', 'optimisation', 'files']),
  plan: z
    .array(z.strictObject({ step: z.string(), rules: z.array(z.string()), files: z.array(z.string()) }))
    .min(1),
  approved: z.boolean(),
  /** Why it is approved or not. */
  reasons: z.array(z.string()).min(1),
  /** What comes next, as its discoveries describe it. */
  nextWork: z.array(z.string()),
  sites: z.array(judgedSiteSchema),
  metadata: z.strictObject({
    files: z.int(),
    findings: z.int(),
    /** Findings that a tool says it can mend. */
    mendable: z.int(),
    functions: z.int(),
    maxComplexity: z.int(),
  }),
  discoveries: z.array(discoverySchema),
});
export type ChangeAnalysis = z.infer<typeof changeAnalysisSchema>;

/** `change`: what was changed, and what was left; the changed workspace itself is the result's snapshot. */
export const changeSchema = z.strictObject({
  kind: z.literal('change'),
  summary: z.string(),
  tools: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  rules: z.array(z.string()),
  /** Changed files of the library. */
  codeFiles: z.array(z.string()),
  /** Other changed files. */
  testFiles: z.array(z.string()),
  /** Files that were to be changed and are as they were, and why. */
  left: z.array(fileReasonSchema),
  /** What was found on the way and is not mended. */
  discoveredIssues: z.array(z.string()),
  /** Keys of places that are not to be discovered again. */
  dismissed: z.array(z.string()),
  metadata: z.strictObject({
    /** Findings of the rules in the files, before and after. */
    before: z.int(),
    after: z.int(),
    /** Tests with the change. */
    passed: z.int(),
    /** Tests that passed before and do not pass, or do not run, with the change. */
    broken: z.int(),
  }),
  discoveries: z.array(discoverySchema),
});
export type Change = z.infer<typeof changeSchema>;

/** `change-validation`: tests, findings and optimisations of a changed workspace. */
export const changeValidationSchema = z.strictObject({
  kind: z.literal('change-validation'),
  /** Every test of the baseline was run, and none that passed before fails. */
  passed: z.boolean(),
  issues: z.array(z.string()),
  optimisationsDiscovered: z.array(siteSchema),
  tests: testRunSchema,
  broken: z.array(z.string()),
  missing: z.array(z.string()),
  /** Findings that the change brought in. */
  introduced: z.array(findingSchema),
  /** Changed files without which the broken tests pass, where that was asked for. */
  culprits: z.array(fileReasonSchema),
  dismissed: z.array(z.string()),
  metadata: z.strictObject({
    findingsBefore: z.int(),
    findingsAfter: z.int(),
    complexityBefore: z.int(),
    complexityAfter: z.int(),
    linesBefore: z.int(),
    linesAfter: z.int(),
    filesChanged: z.int(),
    linesAdded: z.int(),
    linesRemoved: z.int(),
  }),
  discoveries: z.array(discoverySchema),
});
export type ChangeValidation = z.infer<typeof changeValidationSchema>;
