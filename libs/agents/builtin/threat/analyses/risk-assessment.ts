import {
  type AssessmentMethod,
  type CoreAnalysis,
  coreAnalyses,
  type RiskAssessment,
  type RiskLevel,
} from '../../../../contracts/reports/threat.js';
import { TaskFailure } from '../../answer/task-failure.js';
import type { Outcomes } from '../outcomes.js';
import { countBySeverity, rounded } from './conclude.js';

/** What each analysis counts. The reference page `threat-assessment` repeats these numbers. */
const weights: Readonly<Record<CoreAnalysis, number>> = {
  'document-analysis': 0.05,
  'architectural-risk': 0.2,
  'business-financial': 0.1,
  'compliance-governance': 0.15,
  'data-flow-analysis': 0.2,
  'attack-path-analyzer': 0.3,
};
/** Good scores elsewhere make up for no more than this part of an open way to data. */
const floor = 0.8;
const floorOf: readonly CoreAnalysis[] = ['data-flow-analysis', 'attack-path-analyzer'];
/** From which score on a level begins. */
const levels: readonly (readonly [RiskLevel, number])[] = [
  ['CRITICAL', 70],
  ['HIGH', 45],
  ['MEDIUM', 20],
];
/** Below this confidence nothing is called LOW: what was not read is not known to be harmless. */
const lowNeeds = 0.5;

/**
 * The six analyses as one risk: a level, and how sure it is, from what could be read and checked.
 *
 * @throws TaskFailure InputInvalid: there is none of them
 */
export function assessRisk(outcomes: Outcomes, method: AssessmentMethod): RiskAssessment {
  const core = outcomes.core();
  if (core.length === 0) throw new TaskFailure('InputInvalid', 'There is no analysis to assess the risk by.');
  const present = core.map(({ analysis, outcome }) => ({
    analysis,
    score: outcome.score,
    coverage: outcome.coverage,
    weight: weights[analysis],
  }));
  const weightOfAll = present.reduce((sum, { weight }) => sum + weight, 0);
  const contributions = present.map((one) => ({
    ...one,
    adds: rounded((one.weight * one.score) / weightOfAll, 2),
  }));
  const missing = coreAnalyses.filter((analysis) => !present.some((one) => one.analysis === analysis));
  const byWay = { weighted: weighted(present, weightOfAll), worst: worst(present, missing.length) }[method];
  const confidence = rounded(byWay.confidence, 3);
  const score = rounded(byWay.score, 1);
  const measured = levels.find(([, from]) => score >= from)?.[0] ?? 'LOW';
  const level = measured === 'LOW' && confidence < lowNeeds ? 'MEDIUM' : measured;
  return {
    kind: 'risk-assessment',
    risk_level: level,
    confidence,
    risk_score: score,
    method,
    contributions,
    missing,
    reasons: [
      ...byWay.reasons,
      `The score ${score} is ${measured}.`,
      ...(level === measured ? [] : [`With confidence ${confidence} it is not called LOW.`]),
      ...missing.map((analysis) => `There is no ${analysis} that can be used.`),
    ],
    findings: countBySeverity(outcomes.findings()),
  };
}

interface Score {
  readonly analysis: CoreAnalysis;
  readonly weight: number;
  readonly score: number;
  readonly coverage: number;
}
interface Verdict {
  readonly score: number;
  readonly confidence: number;
  readonly reasons: string[];
}

function weighted(present: readonly Score[], weightOfAll: number): Verdict {
  const mean = present.reduce((sum, { weight, score }) => sum + weight * score, 0) / weightOfAll;
  const lowest = Math.max(
    0,
    ...present.filter(({ analysis }) => floorOf.includes(analysis)).map(({ score }) => floor * score),
  );
  const confidence = present.reduce((sum, { weight, coverage }) => sum + weight * coverage, 0);
  return {
    score: Math.max(mean, lowest),
    confidence,
    reasons: [
      `The weighted mean of the scores is ${rounded(mean, 1)}.`,
      ...(lowest > mean ? [`An open way to data makes it at least ${rounded(lowest, 1)}.`] : []),
    ],
  };
}

function worst(present: readonly Score[], missing: number): Verdict {
  const score = Math.max(...present.map((one) => one.score));
  return {
    score,
    confidence: missing > 0 ? 0 : Math.min(...present.map(({ coverage }) => coverage)),
    reasons: [`The worst of the scores is ${rounded(score, 1)}.`],
  };
}
