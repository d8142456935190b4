import type { Finding } from '../../../../contracts/reports/finding.js';
import type { Analysis } from '../../../../contracts/reports/threat.js';
import { sortFindings } from '../../linters/finding.js';
import type { Description, Format, Place } from '../description/description.js';
import type { Severity } from '../severity.js';

/** Findings that a report lists; what is beyond is counted. */
const mostFindings = 2000;

/** What one finding adds, as a part of what is left to the worst. The reference page `threat-assessment` repeats it. */
const weights: Readonly<Record<Severity, number>> = { info: 0, minor: 0.03, major: 0.15, critical: 0.5 };

/** Notes the findings of one analysis. */
export class Findings {
  readonly all: Finding[] = [];

  constructor(private readonly tool: string) {}

  add(
    rule: string,
    severity: Severity,
    place: Place | { file: string; line: null } | null,
    message: string,
  ): void {
    this.all.push({
      tool: this.tool,
      rule,
      severity,
      file: place?.file ?? null,
      line: place?.line ?? null,
      message: message.slice(0, 1000),
    });
  }

  /** What could not be read of files of a format, one finding each. */
  addUnread({ unread }: Description, ...formats: readonly Format[]): number {
    const own = unread.filter(({ format }) => formats.includes(format));
    for (const { file, line, reason } of own)
      this.add('not-read', 'minor', line === null ? { file, line } : { file, line }, reason);
    return own.length;
  }
}

/**
 * The part that all analyses have in common. Each finding takes its part of the distance that is left to 100, so that
 * the score grows with every finding and never arrives; the order makes no difference.
 *
 * @param score where the analysis measures the risk otherwise than by its findings
 */
export function conclude(
  findings: readonly Finding[],
  { checked, unchecked }: { readonly checked: number; readonly unchecked: number },
  score: number = scoreOf(findings),
): Analysis {
  const sorted = sortFindings(findings);
  const all = checked + unchecked;
  return {
    findings: sorted.slice(0, mostFindings),
    omitted: Math.max(0, sorted.length - mostFindings),
    score: rounded(score, 1),
    checked,
    unchecked,
    coverage: all === 0 ? 0 : rounded(checked / all, 3),
  };
}

export function scoreOf(findings: readonly Finding[]): number {
  const counts = countBySeverity(findings);
  const harmless = (['minor', 'major', 'critical'] as const).reduce(
    (rest, severity) => rest * (1 - weights[severity]) ** counts[severity],
    1,
  );
  return 100 * (1 - harmless);
}

export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { info: 0, minor: 0, major: 0, critical: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** A number to so many digits behind the point. */
export function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
