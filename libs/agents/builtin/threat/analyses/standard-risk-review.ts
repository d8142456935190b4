import { severities } from '../../../../contracts/reports/finding.js';
import { coreAnalyses, type StandardRiskReview } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import type { Outcomes } from '../outcomes.js';

/** Rules that are listed. */
const most = 30;

/**
 * What to look at first, and what would have to be known for more confidence.
 *
 * @throws TaskFailure InputInvalid: the assessment is not among the inputs
 */
export function reviewRisk(outcomes: Outcomes): StandardRiskReview {
  const { risk_level, confidence } = outcomes.get('risk-assessment');
  const rules = Map.groupBy(
    outcomes.findings().filter(({ severity }) => severity !== 'info'),
    ({ tool, rule, severity }) => `${tool}\n${rule}\n${severity}`,
  );
  return {
    kind: 'standard-risk-review',
    risk_level,
    confidence,
    because: risk_level === 'MEDIUM' ? 'medium-risk' : 'low-confidence',
    gaps: coreAnalyses
      .map((analysis) => {
        const outcome = outcomes.find(analysis);
        return {
          analysis,
          coverage: outcome?.coverage ?? 0,
          unchecked: outcome?.unchecked ?? 0,
          missing: outcome === undefined,
        };
      })
      .filter(({ coverage }) => coverage < 1)
      .sort((a, b) => a.coverage - b.coverage || byCodeUnit(a.analysis, b.analysis)),
    priorities: [...rules.values()]
      .flatMap(([first, ...others]) =>
        first === undefined
          ? []
          : [
              {
                analysis: first.tool,
                rule: first.rule,
                severity: first.severity,
                count: others.length + 1,
                example: first.message,
              },
            ],
      )
      .sort(
        (a, b) =>
          severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
          b.count - a.count ||
          byCodeUnit(a.analysis, b.analysis) ||
          byCodeUnit(a.rule, b.rule),
      )
      .slice(0, most),
  };
}
