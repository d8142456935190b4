import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { FitnessMeasurements } from '../contracts/reports/fitness.js';
import type { Template } from '../contracts/template.js';

/** Findings before and after, of the linters that looked both times. */
export interface FindingCounts {
  readonly before: number;
  readonly after: number;
}

/**
 * Counts findings of the same linters before and after. Debt is left out: the validation does not look for it. A
 * linter that found nothing before cannot be told from one that did not look, so it only counts where none found
 * anything.
 */
export function comparableFindings(code: CodeReport, { findings }: ValidationReport): FindingCounts {
  const tools = new Set(code.byRule.map(({ tool }) => tool));
  const before = code.byRule.reduce((sum, rule) => sum + rule.count, 0) - code.totals.debt;
  const after = Object.entries(findings.byTool)
    .filter(([tool]) => tools.size === 0 || tools.has(tool))
    .reduce((sum, [, number]) => sum + number, 0);
  return { before, after };
}

/** Lines that a candidate added and removed. */
export const linesChanged = ({ change }: ValidationReport): number => change.linesAdded + change.linesRemoved;

/**
 * What the fitness is computed from, of one candidate.
 *
 * @param code the report on the captured subject
 * @param verification the checks that verifiers made on the candidate's items; see `scoreOf`
 */
export const measurementsOf = (
  code: CodeReport,
  validation: ValidationReport,
  verification: FitnessMeasurements['verification'],
): FitnessMeasurements => ({
  findings: comparableFindings(code, validation),
  complexity: { before: validation.complexity.before, after: validation.complexity.after },
  change: { lines: linesChanged(validation), before: validation.lines.before },
  verification: { checks: verification.checks, ok: verification.ok },
});

/**
 * The fitness of a candidate that its validation accepts, from measured outcomes alone; see docs/reference/fitness.md.
 * 1 is a candidate without findings, branches or a changed line, of which every check is ok; below 0 it made things
 * worse. Four decimals.
 *
 * @param weights of the template; at least one is more than 0
 */
export function fitnessOf(measurements: FitnessMeasurements, weights: Template['fitness']): number {
  const { findings, complexity, change, verification } = measurements;
  // A changed line counts as one removed and one added.
  const share = Math.min(1, change.lines / Math.max(1, 2 * change.before));
  const fitness =
    (weights.findings * reduction(findings) +
      weights.complexity * reduction(complexity) +
      weights.size * (1 - share) +
      weights.verification * (verification.ok / Math.max(1, verification.checks))) /
    (weights.findings + weights.complexity + weights.size + weights.verification);
  return Math.round(fitness * 10_000) / 10_000;
}

/** How much less there is: 1 where nothing is left, 0 where nothing changed, below 0 where there is more. */
const reduction = ({ before, after }: { before: number; after: number }): number =>
  (before - after) / Math.max(before, after, 1);
