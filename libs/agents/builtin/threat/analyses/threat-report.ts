import { isDeepStrictEqual } from 'node:util';
import { riskBranches, type ThreatReport } from '../../../../contracts/reports/threat.js';
import type { Description } from '../description/description.js';
import type { Outcomes } from '../outcomes.js';
import { branchOf } from './branch-of.js';
import { countBySeverity } from './conclude.js';
import { renderReport } from './render-report.js';
import { assessRisk } from './risk-assessment.js';

/**
 * The whole as one report, after it was checked once more: the assessment is computed again from the six analyses, the
 * branch is the one that belongs to it, and every finding names a place that there is.
 *
 * @param linesOf lines of a file of the subject; 0 where it cannot be read
 * @throws TaskFailure InputInvalid: the assessment is not among the inputs
 */
export function reportThreats(
  description: Description,
  outcomes: Outcomes,
  linesOf: (file: string) => number,
): ThreatReport {
  const assessment = outcomes.get('risk-assessment');
  const due = branchOf(assessment.risk_level, assessment.confidence);
  const ran = riskBranches.filter((branch) => outcomes.find(branch) !== undefined);
  const problems = [
    ...assessmentProblems(outcomes),
    ...(ran.length === 1
      ? []
      : [`One branch should have run, and there ${ran.length === 0 ? 'is none' : `are ${ran.join(', ')}`}.`]),
    ...(ran.includes(due) ? [] : [`The branch that belongs to the assessment, ${due}, did not run.`]),
    ...placeProblems(description, outcomes, linesOf),
  ];
  const report = {
    kind: 'threat-report' as const,
    risk_level: assessment.risk_level,
    confidence: assessment.confidence,
    branch: due,
    consistent: problems.length === 0,
    problems: problems.slice(0, 100),
    findings: countBySeverity(outcomes.findings()),
  };
  return { ...report, markdown: renderReport(report, outcomes) };
}

function assessmentProblems(outcomes: Outcomes): string[] {
  const said = outcomes.get('risk-assessment');
  if (outcomes.core().length === 0) return ['There is no analysis to check the assessment by.'];
  return isDeepStrictEqual(assessRisk(outcomes, said.method), said)
    ? []
    : ['The assessment is not what the analyses give when it is computed again.'];
}

function placeProblems(
  { files }: Description,
  outcomes: Outcomes,
  linesOf: (file: string) => number,
): string[] {
  const lines = new Map<string, number>();
  return outcomes.findings().flatMap(({ tool, rule, file, line }) => {
    if (file === null) return [];
    if (!files.has(file)) return [`${tool} found ${rule} in ${file}, which is not in the subject.`];
    const most = lines.get(file) ?? linesOf(file);
    lines.set(file, most);
    return line === null || line <= most
      ? []
      : [`${tool} found ${rule} in ${file}:${line}, which has ${most} lines.`];
  });
}
