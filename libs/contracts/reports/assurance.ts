import { z } from 'zod';
import { digestSchema } from '../artifact.js';
import { severities } from './finding.js';

const count = z.int().nonnegative();

/** `not-measured`: nothing can be said, for instance because the tests do not run on both sides. */
const verdictSchema = z.enum(['within', 'degraded', 'not-measured']);

/** As JSON Schema says it, which a template needs. */
const snapshotDigestSchema = digestSchema.meta({ type: 'string', pattern: '^sha256:[0-9a-f]{64}$' });

const publishedSchema = z.strictObject({ files: count, bytes: count });

/**
 * `complexity`: whether a change is complex, by what is to be changed. Each measure is compared with its bound; one
 * above it makes the change complex.
 */
export const complexityReportSchema = z.strictObject({
  kind: z.literal('complexity'),
  complex: z.boolean(),
  measures: z.array(
    z.strictObject({
      measure: z.enum(['files', 'lines', 'cyclomatic', 'integrationPoints', 'filesToChange']),
      value: count,
      bound: count,
    }),
  ),
  /** A sentence for each measure above its bound. */
  reasons: z.array(z.string()),
});
export type ComplexityReport = z.infer<typeof complexityReportSchema>;

/** `assurance-performance`: load, resources and security of a change, against the subject as it was captured. */
export const performanceReportSchema = z.strictObject({
  kind: z.literal('assurance-performance'),
  /** CPU time of the subject's tests. The times themselves are measurements, which differ from run to run. */
  load: verdictSchema,
  /** Largest memory of a process of these tests. */
  memory: verdictSchema,
  /** What would be published. */
  size: z.strictObject({ verdict: verdictSchema, before: publishedSchema, after: publishedSchema }),
  /** Whether load, memory and size were all measured. */
  measured: z.boolean(),
  degradations: count,
  security: z.strictObject({
    /** Secrets that were not there before. */
    secrets: z.array(z.strictObject({ rule: z.string(), file: z.string(), line: z.int().positive() })),
    /** Dangerous calls of a kind in a file that are more than before. */
    calls: z.array(z.strictObject({ danger: z.string(), file: z.string(), before: count, after: count })),
    highRisk: count,
  }),
  /** Whether the subject as it was captured, to which one would roll back, passes the tests of the baseline here. */
  rollback: z.strictObject({ tested: z.boolean(), broken: count, missing: count }),
  /** What is to be watched from now on, and from where on it is worth an alert. */
  monitoring: z.strictObject({
    /** Whether each metric has a value to compare with, in the measurements or here. */
    configured: z.boolean(),
    metrics: z.array(z.strictObject({ metric: z.string(), unit: z.string(), alert: z.string() })),
  }),
});
export type PerformanceReport = z.infer<typeof performanceReportSchema>;

/** What documentation can lack. */
const gaps = [
  'no-readme',
  'undocumented-export',
  'no-changelog',
  'no-changelog-entry',
  'broken-example',
  'broken-link',
] as const;

const gapSchema = z.strictObject({
  gap: z.enum(gaps),
  file: z.string().nullable(),
  /** The name, version, link or line that it is about. */
  detail: z.string().max(300),
});
export type DocumentationGap = z.infer<typeof gapSchema>;

/** `assurance-documentation`: README, guides and changelog, held against what is exported. */
export const documentationReportSchema = z.strictObject({
  kind: z.literal('assurance-documentation'),
  readme: z.string().nullable(),
  guides: z.array(z.string()),
  changelog: z.string().nullable(),
  exported: count,
  documented: count,
  examples: count,
  links: count,
  gaps: z.array(gapSchema),
  /** How many documents, such as the README, a guide or the changelog, have a gap or are not there. */
  incomplete: count,
  /** How many of the gaps were not there before the change. */
  introduced: count,
});
export type DocumentationReport = z.infer<typeof documentationReportSchema>;

/** `assurance-end-to-end`: the package packed, installed and loaded, as before and as it is now. */
export const endToEndReportSchema = z.strictObject({
  kind: z.literal('assurance-end-to-end'),
  packed: publishedSchema,
  entries: z.array(
    z.strictObject({
      /** What others import, such as `ejs` or `ejs/extra`. */
      specifier: z.string(),
      loadedBefore: z.boolean(),
      loads: z.boolean(),
      /** Why it does not load. */
      reason: z.string().max(300).nullable(),
      names: count,
      /** Names that are gone, are of another type, take another number of arguments, or are new. */
      removed: z.array(z.string()),
      changed: z.array(z.string()),
      added: z.array(z.string()),
    }),
  ),
  binaries: z.array(z.strictObject({ name: z.string(), file: z.string(), parses: z.boolean() })),
  /** Entry points that loaded before and do not now, names removed or changed, binaries that do not parse. */
  broken: count,
  passed: z.boolean(),
});
export type EndToEndReport = z.infer<typeof endToEndReportSchema>;

/** `assurance-deployment`: whether the package could be published as it is, and what one would go back to. */
export const deploymentReportSchema = z.strictObject({
  kind: z.literal('assurance-deployment'),
  readiness: z.enum(['ready', 'conditional', 'blocked']),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      says: z.string(),
      /** Unmet, `critical` blocks; the others are warnings. */
      severity: z.enum(severities),
      met: z.boolean(),
      metBefore: z.boolean(),
      evidence: z.string().max(500),
    }),
  ),
  blockers: count,
  warnings: count,
  /** Unmet checks that were met before the change. */
  introduced: count,
  published: publishedSchema,
  /** The captured subject: its snapshot is what one rolls back to. */
  rollback: z.strictObject({ snapshot: snapshotDigestSchema, files: count, bytes: count }),
});
export type DeploymentReport = z.infer<typeof deploymentReportSchema>;
