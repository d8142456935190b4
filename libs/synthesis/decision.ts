import { type Decision, decisions, type Judgement } from '../contracts/reports/synthesis.js';

/** The criteria that must all be met; docs/reference/fitness.md says what each looks at. */
export const criticalCriteria = ['tests.critical', 'security.high-risk', 'rollback.tested'] as const;

/** Warnings from which a run goes on only conditionally, and from which it is blocked. */
export const warningLimits = { conditional: 3, block: 5 } as const;

/** The criteria of a checkpoint that decides by the matrix, which must all be met. */
export const matrixCritical = ['tests', 'security', 'rollback'] as const;

/** The decision matrix: critical criteria met and fewer than 3 warnings PROCEED, fewer than 5 on condition, else BLOCK. */
export function decideByMatrix(critical: boolean, warnings: number): Decision {
  if (!critical || warnings >= warningLimits.block) return 'BLOCK';
  return warnings >= warningLimits.conditional ? 'CONDITIONAL_PROCEED' : 'PROCEED';
}

/** The decision that follows from criteria and warnings: fewer than 3 PROCEED, fewer than 5 on condition, else BLOCK. */
export function decisionOf({ criteria, warnings }: Pick<Judgement, 'criteria' | 'warnings'>): Decision {
  const critical = criticalCriteria.every((id) => criteria.some((one) => one.id === id && one.met));
  return decideByMatrix(critical && criteria.every(({ met }) => met), warnings.length);
}

/** The rank of a decision: 0 is the best. */
export const decisionRank = (decision: Decision): number => decisions.indexOf(decision);

/** Whether a decision is worse than another. */
export const isBelow = (decision: Decision, other: Decision): boolean =>
  decisionRank(decision) > decisionRank(other);
