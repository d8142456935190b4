import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { Judgement, Standing } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import { acceptsCandidate, type Eligibility, eligibilityOf } from './accepts-candidate.js';
import { chainOf, lastOfChains } from './chains.js';
import { fitnessOf, linesChanged, measurementsOf } from './fitness.js';
import { byCodeUnit } from './order.js';
import { type Collected, type CollectedReport, ofKind } from './report.js';
import { type ScoresByItem, scoreOf, type VerificationScore } from './verification-score.js';

/**
 * How each candidate stands, a repaired one beside the one that was rejected. Where several items work on a candidate one
 * after the other, what the last of them handed back stands, and the checks of all count. Tests are hard: who breaks or loses one,
 * or was not validated, is not eligible and has no fitness. One that made nothing has no standing; it is among what
 * is missing.
 *
 * @param scores what verifiers found of each item; `unverified` before there are verdicts
 */
export function standings(
  inputs: readonly Collected[],
  weights: Template['fitness'],
  scores: ScoresByItem,
): Standing[] {
  return lastOfChains(ofKind(inputs, 'candidate'))
    .flatMap((candidate) => standing(candidate, inputs, weights, scores) ?? [])
    .sort((a, b) => byCodeUnit(a.candidate, b.candidate) || byCodeUnit(a.item, b.item));
}

/** The best eligible candidate: fitness, then fewer findings, then fewer changed lines, then its name. */
export function bestOf(all: readonly Standing[]): Standing | undefined {
  return all
    .filter(({ eligible, fitness }) => eligible && fitness !== null)
    .toSorted(
      (a, b) =>
        (b.fitness ?? 0) - (a.fitness ?? 0) ||
        a.findings - b.findings ||
        a.linesChanged - b.linesChanged ||
        byCodeUnit(a.item, b.item),
    )[0];
}

/** The standing that a judgement calls the best. */
export const bestStanding = ({ best, standings: all }: Judgement): Standing | undefined =>
  best === null ? undefined : bestOf(all.filter(({ candidate }) => candidate === best));

/** What a standing is made of. */
export interface Contender extends Pick<Standing, 'candidate' | 'item' | 'strategy' | 'agent' | 'workspace'> {
  /** Undefined where it was not validated. */
  readonly validation: ValidationReport | undefined;
  readonly verification: VerificationScore;
}

/**
 * How one result stands, whether it is a candidate or made of several.
 *
 * @param code the report on the captured subject; undefined where there is none
 */
export function standingOf(
  { validation, verification, ...contender }: Contender,
  code: CodeReport | undefined,
  weights: Template['fitness'],
): Standing {
  const { eligible, reason } = eligibility(validation, code);
  const measurements = eligible && validation && code ? measurementsOf(code, validation, verification) : null;
  return {
    ...contender,
    eligible,
    reason,
    fitness: measurements && fitnessOf(measurements, weights),
    measurements,
    ...countsOf(validation),
  };
}

type Counts = Omit<Standing, keyof Contender | 'eligible' | 'reason' | 'fitness' | 'measurements'>;

/** What a standing repeats of a validation, so that it can be read by itself. */
export const countsOf = (validation: ValidationReport | undefined): Counts => ({
  findings: validation?.findings.all ?? 0,
  testsPassed: validation?.tests.passed ?? 0,
  testsFailed: validation?.tests.failed ?? 0,
  broken: validation?.broken.length ?? 0,
  missing: validation?.missing.length ?? 0,
  linesChanged: validation ? linesChanged(validation) : 0,
  functionCoverage: validation?.coverage.functions ?? null,
});

function standing(
  candidate: CollectedReport<'candidate'>,
  inputs: readonly Collected[],
  weights: Template['fitness'],
  scores: ScoresByItem,
): Standing | undefined {
  if (candidate.candidate === null || candidate.workspace === null) return undefined;
  const validations = ofKind(inputs, 'validation').filter(({ workedOn }) => workedOn === candidate.item);
  // The one that speaks against it, where several validated it.
  const validation = validations.find(({ report }) => !acceptsCandidate(report)) ?? validations[0];
  return standingOf(
    {
      candidate: candidate.candidate,
      item: candidate.item,
      strategy: candidate.report.strategy,
      agent: candidate.agent,
      workspace: candidate.workspace,
      validation: validation?.report,
      verification: scoreOf(
        scores,
        [...chainOf(candidate, ofKind(inputs, 'candidate')), ...validations].map(({ item }) => item),
      ),
    },
    ofKind(inputs, 'code')[0]?.report,
    weights,
  );
}

function eligibility(validation: ValidationReport | undefined, code: CodeReport | undefined): Eligibility {
  if (validation === undefined) return { eligible: false, reason: 'It was not validated.' };
  const found = eligibilityOf(validation);
  return found.eligible && code === undefined
    ? { eligible: false, reason: 'The findings before are not known, so nothing can be compared.' }
    : found;
}
