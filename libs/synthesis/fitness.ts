import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
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
 * The fitness of a candidate that its validation accepts, from measured outcomes alone; see docs/reference/fitness.md.
 * 1 is a candidate without findings and without a changed line; below 0 it made things worse. Four decimals.
 *
 * @param weights of the template; at least one is more than 0
 */
export function fitnessOf(
  code: CodeReport,
  validation: ValidationReport,
  weights: Template['fitness'],
): number {
  const { before, after } = comparableFindings(code, validation);
  const reduction = (before - after) / Math.max(before, after, 1);
  // A changed line counts as one removed and one added.
  const share = Math.min(1, linesChanged(validation) / Math.max(1, 2 * validation.lines.before));
  const fitness =
    (weights.findings * reduction + weights.size * (1 - share)) / (weights.findings + weights.size);
  return Math.round(fitness * 10_000) / 10_000;
}
