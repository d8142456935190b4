import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { linesOf } from '../../../../../libs/agents/builtin/subject/count-lines.js';
import { branchOf } from '../../../../../libs/agents/builtin/threat/analyses/branch-of.js';
import { analyseHighRisk } from '../../../../../libs/agents/builtin/threat/analyses/high-risk-analysis.js';
import { summariseLowRisk } from '../../../../../libs/agents/builtin/threat/analyses/low-risk-summary.js';
import { assessRisk } from '../../../../../libs/agents/builtin/threat/analyses/risk-assessment.js';
import { reviewRisk } from '../../../../../libs/agents/builtin/threat/analyses/standard-risk-review.js';
import { reportThreats } from '../../../../../libs/agents/builtin/threat/analyses/threat-report.js';
import { readDescription } from '../../../../../libs/agents/builtin/threat/description/read-description.js';
import { Outcomes } from '../../../../../libs/agents/builtin/threat/outcomes.js';
import {
  type CoreAnalysis,
  coreAnalyses,
  highRiskAnalysisSchema,
  lowRiskSummarySchema,
  riskAssessmentSchema,
  riskLevels,
  standardRiskReviewSchema,
  threatReportSchema,
} from '../../../../../libs/contracts/reports/threat.js';
import { analyse, coreOutcomes, hardenedShop, shop } from './subjects.js';

let weak: Outcomes;
let hardened: Outcomes;
beforeAll(async () => {
  weak = await coreOutcomes(shop);
  hardened = await coreOutcomes(hardenedShop);
});

const valuesOf = (outcomes: Outcomes): unknown[] => outcomes.core().map(({ outcome }) => outcome);
const and = (outcomes: Outcomes, ...more: unknown[]): Outcomes =>
  new Outcomes([...valuesOf(outcomes), ...more]);

/** The hardened shop's outcomes with other scores and coverages. */
const scored = (scores: Partial<Record<CoreAnalysis, { score?: number; coverage?: number }>>): Outcomes =>
  new Outcomes(hardened.core().map(({ analysis, outcome }) => ({ ...outcome, ...scores[analysis] })));
const all = (one: { score?: number; coverage?: number }) =>
  scored(Object.fromEntries(coreAnalyses.map((analysis) => [analysis, one])));

describe('the assessment', () => {
  test('of the shop is surely critical, of the hardened one low', () => {
    expect(assessRisk(weak, 'weighted')).toMatchObject({ risk_level: 'CRITICAL', missing: [] });
    expect(assessRisk(weak, 'weighted').confidence).toBeGreaterThan(0.8);
    expect(assessRisk(hardened, 'weighted')).toMatchObject({ risk_level: 'LOW', confidence: 1 });
  });

  test.each([
    [0, 'LOW'],
    [19.9, 'LOW'],
    [20, 'MEDIUM'],
    [44.9, 'MEDIUM'],
    [45, 'HIGH'],
    [69.9, 'HIGH'],
    [70, 'CRITICAL'],
    [100, 'CRITICAL'],
  ])('with every score at %d is %s', (score, level) => {
    expect(assessRisk(all({ score, coverage: 1 }), 'weighted')).toMatchObject({
      risk_score: score,
      risk_level: level,
      confidence: 1,
    });
  });

  test('is the weighted mean, and what each analysis adds to it is written down', () => {
    const outcomes = scored({ 'architectural-risk': { score: 50, coverage: 0.5 } });
    const { risk_score, confidence, contributions } = assessRisk(outcomes, 'weighted');
    const mean = contributions.reduce((sum, { adds }) => sum + adds, 0);
    expect(contributions.find(({ analysis }) => analysis === 'architectural-risk')).toMatchObject({
      weight: 0.2,
      adds: 10,
    });
    expect(risk_score).toBeCloseTo(mean, 0);
    expect(confidence).toBeCloseTo(0.9, 3);
  });

  test('lets nothing make up for an open way to data', () => {
    const outcomes = scored({ 'attack-path-analyzer': { score: 100 } });
    expect(assessRisk(outcomes, 'weighted')).toMatchObject({ risk_score: 80, risk_level: 'CRITICAL' });
  });

  test('calls nothing low of which little was read', async () => {
    expect(assessRisk(all({ score: 0, coverage: 0.49 }), 'weighted').risk_level).toBe('MEDIUM');
    expect(assessRisk(all({ score: 0, coverage: 0.5 }), 'weighted').risk_level).toBe('LOW');
    const nothing = assessRisk(await coreOutcomes({ 'readme.txt': 'nothing' }), 'weighted');
    expect(nothing).toMatchObject({ confidence: 0 });
    expect(nothing.risk_level).not.toBe('LOW');
  });

  test('is less sure where an analysis is missing or cannot be read', () => {
    const [first, ...others] = valuesOf(hardened);
    const without = assessRisk(new Outcomes(others), 'weighted');
    expect(without).toMatchObject({ missing: ['document-analysis'], confidence: 0.95 });
    const broken = { ...(first as object), score: 'none' };
    expect(assessRisk(new Outcomes([broken, ...others]), 'weighted')).toEqual(without);
    expect(() => assessRisk(new Outcomes([]), 'weighted')).toThrow(
      expect.objectContaining({ code: 'InputInvalid' }),
    );
  });

  test('by the worst is never below that by weight, and never surer', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const one = fc.record({ score: share.map((part) => 100 * part), coverage: share });
    fc.assert(
      fc.property(fc.array(one, { minLength: 6, maxLength: 6 }), (scores) => {
        const outcomes = scored(
          Object.fromEntries(coreAnalyses.map((analysis, index) => [analysis, scores[index]])),
        );
        const worst = assessRisk(outcomes, 'worst');
        const byWeight = assessRisk(outcomes, 'weighted');
        expect(worst.risk_score).toBeGreaterThanOrEqual(byWeight.risk_score);
        expect(worst.confidence).toBeLessThanOrEqual(byWeight.confidence);
        expect(riskAssessmentSchema.parse(worst)).toEqual(worst);
      }),
    );
  });

  test('by the worst is not sure at all where an analysis is missing', () => {
    const [, ...others] = valuesOf(hardened);
    expect(assessRisk(new Outcomes(others), 'worst')).toMatchObject({ confidence: 0, risk_level: 'MEDIUM' });
  });

  test('grows with the score of any analysis', () => {
    const score = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(fc.constantFrom(...coreAnalyses), score, score, (analysis, low, more) => {
        const high = Math.min(100, low + more);
        const at = (value: number) =>
          assessRisk(scored({ [analysis]: { score: value } }), 'weighted').risk_score;
        expect(at(high)).toBeGreaterThanOrEqual(at(low));
      }),
    );
  });
});

test.each([
  ['LOW', 0.1, 'low-risk-summary'],
  ['LOW', 1, 'low-risk-summary'],
  ['MEDIUM', 1, 'standard-risk-review'],
  ['HIGH', 0.8, 'standard-risk-review'],
  ['HIGH', 0.81, 'high-risk-analysis'],
  ['CRITICAL', 0.81, 'high-risk-analysis'],
  ['CRITICAL', 0.2, 'standard-risk-review'],
] as const)('a risk that is %s with confidence %d is followed by %s', (level, confidence, branch) => {
  expect(riskLevels).toContain(level);
  expect(branchOf(level, confidence)).toBe(branch);
});

describe('a high risk', () => {
  const analysed = () => analyseHighRisk(readDescription(shop), and(weak, assessRisk(weak, 'weighted')));

  test('is followed by measures, most paths cut per day of work first', () => {
    const { measures, paths } = highRiskAnalysisSchema.parse(analysed());
    const worths = measures.map(({ cutsPerDay }) => cutsPerDay);
    expect(worths).toEqual(worths.toSorted((a, b) => b - a));
    expect(paths).toBe(20);
    expect(measures[0]).toEqual({
      measure: 'Publish no port of metrics',
      days: 0.5,
      cuts: 6,
      cutsPerDay: 12,
    });
  });

  test('has a plan after which no listed path is left', () => {
    const { plan, planDays, paths } = analysed();
    expect(plan.at(-1)?.left).toBe(0);
    expect(plan.reduce((sum, { cuts }) => sum + cuts, 0)).toBe(paths);
    expect(planDays).toBe(plan.reduce((sum, { days }) => sum + days, 0));
  });

  test('has for each target the cheapest cut', () => {
    const cuts = new Map(analysed().cuts.map((cut) => [cut.service, cut]));
    expect(cuts.get('ledger')).toEqual({
      service: 'ledger',
      days: 3,
      measures: ['Limit what payments may do in ledger to what it needs'],
    });
    expect(cuts.get('postgres')?.measures).toContain('Publish no port of postgres');
  });

  test('names every critical finding', () => {
    expect(analysed().critical).toHaveLength(9);
  });
});

test('a low risk is followed by a summary of what is left, worst first', () => {
  const summary = summariseLowRisk(and(hardened, assessRisk(hardened, 'weighted')));
  expect(lowRiskSummarySchema.parse(summary)).toEqual(summary);
  expect(summary.statement).toContain('The cheapest path takes effort 8');
  expect(summary.remaining.map(({ rule }) => rule)).toEqual([
    'revenue-on-one-replica',
    'shared-single-replica',
    'criticality-too-low',
    'attack-path',
  ]);
});

test('any other risk is followed by a review that says what is not known', async () => {
  const bare = { 'compose.yaml': 'services: { db: { image: "postgres:16", ports: ["5432:5432"] } }\n' };
  const outcomes = await coreOutcomes(bare);
  const assessment = assessRisk(outcomes, 'weighted');
  const review = reviewRisk(and(outcomes, assessment));
  expect(standardRiskReviewSchema.parse(review)).toEqual(review);
  expect(review.because).toBe('low-confidence');
  expect(review.gaps.map(({ analysis }) => analysis)).toContain('compliance-governance');
  expect(review.priorities[0]).toMatchObject({ rule: 'published-store', severity: 'critical', count: 1 });
});

describe('the report', () => {
  const report = (outcomes: Outcomes) =>
    reportThreats(readDescription(shop), outcomes, (file) => linesOf(shop, file));
  const followed = (): unknown[] => {
    const assessment = assessRisk(weak, 'weighted');
    return [assessment, analyseHighRisk(readDescription(shop), and(weak, assessment))];
  };

  test('is consistent where assessment, branch and places belong together', () => {
    const made = report(and(weak, ...followed()));
    expect(threatReportSchema.parse(made)).toEqual(made);
    expect(made).toMatchObject({ consistent: true, problems: [], branch: 'high-risk-analysis' });
    expect(made.markdown).toContain('internet \\> postgres');
    expect(made.markdown).toContain('Publish no port of adminer');
  });

  test('sees an assessment that is not what the analyses give', () => {
    const [assessment, high] = followed();
    const milder = { ...(assessment as object), confidence: 0.99 };
    expect(report(and(weak, milder, high)).problems).toEqual([
      'The assessment is not what the analyses give when it is computed again.',
    ]);
  });

  test('sees a branch that does not belong to the assessment, and one that is missing', () => {
    const [assessment] = followed();
    const summary = summariseLowRisk(and(weak, assessment));
    expect(report(and(weak, assessment, summary)).problems).toEqual([
      'The branch that belongs to the assessment, high-risk-analysis, did not run.',
    ]);
    expect(report(and(weak, assessment)).consistent).toBe(false);
    expect(report(and(weak, ...followed(), summary)).consistent).toBe(false);
  });

  test('sees a finding in a place that is not there', () => {
    const moved = new Outcomes([
      ...weak.core().map(({ analysis, outcome }) =>
        analysis === 'compliance-governance'
          ? {
              ...outcome,
              findings: outcome.findings.map((one, index) =>
                index === 0 ? { ...one, line: 999 } : index === 1 ? { ...one, file: 'gone.yaml' } : one,
              ),
            }
          : outcome,
      ),
      ...followed(),
    ]);
    expect(report(moved).problems).toEqual(
      expect.arrayContaining([
        expect.stringContaining('compliance.yaml:999, which has'),
        expect.stringContaining('gone.yaml, which is not in the subject'),
      ]),
    );
  });
});

test('a score takes from what is left to 100 what each finding is worth', () => {
  const { findings, score } = weak.get('compliance-governance');
  const count = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length;
  expect([count('critical'), count('major'), count('minor')]).toEqual([1, 4, 1]);
  expect(score).toBeCloseTo(100 * (1 - 0.5 * 0.85 ** 4 * 0.97), 1);
});

test('of each target there are the distinct paths and what all of them go through', () => {
  const { targets } = weak.get('attack-path-analyzer');
  expect(
    targets.map(({ service, effort, distinct, chokePoints }) => [service, effort, distinct, chokePoints]),
  ).toEqual([
    ['ledger', 4, 1, ['payments']],
    ['postgres', 1, 4, []],
    ['redis', 5, 3, []],
    ['objects', 5, 3, []],
  ]);
});

test('a narrower search lists the cheapest path to each target alone', async () => {
  const cheapest = new Outcomes([await analyse('attack-path-analyzer', shop, { paths: 1 })]);
  const wide = weak.get('attack-path-analyzer');
  expect(cheapest.get('attack-path-analyzer').targets.map(({ paths }) => paths)).toEqual(
    wide.targets.map(({ paths }) => paths.slice(0, 1)),
  );
});
