import type { RiskBranch, RiskLevel } from '../../../../contracts/reports/threat.js';

/** Above this confidence a high risk is taken for one. The conditions of the template say the same. */
const sure = 0.8;

/** What is done with a risk. Every level and confidence has exactly one branch. */
export function branchOf(level: RiskLevel, confidence: number): RiskBranch {
  if (level === 'LOW') return 'low-risk-summary';
  const isHigh = level === 'HIGH' || level === 'CRITICAL';
  return isHigh && confidence > sure ? 'high-risk-analysis' : 'standard-risk-review';
}
