import { severities } from '../../../../contracts/reports/finding.js';
import type { LowRiskSummary } from '../../../../contracts/reports/threat.js';
import type { Outcomes } from '../outcomes.js';
import { countBySeverity } from './conclude.js';

/** Findings that are listed. */
const most = 20;

/**
 * Why the risk is low, and what is left to do.
 *
 * @throws TaskFailure InputInvalid: the assessment is not among the inputs
 */
export function summariseLowRisk(outcomes: Outcomes): LowRiskSummary {
  const { risk_level, confidence, risk_score, reasons } = outcomes.get('risk-assessment');
  const findings = outcomes.findings();
  const attack = outcomes.find('attack-path-analyzer');
  const efforts = (attack?.targets ?? []).flatMap(({ effort }) => (effort === null ? [] : [effort]));
  const nearest =
    efforts.length === 0 ? 'No path leads' : `The cheapest path takes effort ${Math.min(...efforts)}`;
  return {
    kind: 'low-risk-summary',
    risk_level,
    confidence,
    statement: `The risk is ${risk_level} with a score of ${risk_score} of 100. ${reasons.join(' ')} ${nearest} from the internet to data.`,
    findings: countBySeverity(findings),
    remaining: findings
      .filter(({ severity }) => severity !== 'info')
      // Sorting is stable, so those of the same severity stay in the order of the analyses.
      .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
      .slice(0, most),
  };
}
