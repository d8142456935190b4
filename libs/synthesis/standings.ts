import type { Judgement, Standing } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import { acceptsCandidate } from './accepts-candidate.js';
import { fitnessOf, linesChanged } from './fitness.js';
import { byCodeUnit, count, firstOf } from './order.js';
import { type Collected, type CollectedReport, ofKind } from './report.js';

/**
 * How each candidate stands, a repaired one beside the one that was rejected. Tests are hard: who breaks or loses one,
 * or was not validated, is not eligible and has no fitness. One that made nothing has no standing; it is among what
 * is missing.
 */
export function standings(inputs: readonly Collected[], weights: Template['fitness']): Standing[] {
  return ofKind(inputs, 'candidate')
    .flatMap((candidate) => standing(candidate, inputs, weights) ?? [])
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

function standing(
  candidate: CollectedReport<'candidate'>,
  inputs: readonly Collected[],
  weights: Template['fitness'],
): Standing | undefined {
  if (candidate.candidate === null || candidate.workspace === null) return undefined;
  const validations = ofKind(inputs, 'validation').filter(({ workedOn }) => workedOn === candidate.item);
  const [code] = ofKind(inputs, 'code');
  // The one that speaks against it, where several validated it.
  const validation = validations.find(({ report }) => !acceptsCandidate(report)) ?? validations[0];
  const reason = whyNot(validation?.report, code !== undefined);
  const report = validation?.report;
  return {
    candidate: candidate.candidate,
    item: candidate.item,
    strategy: candidate.report.strategy,
    agent: candidate.agent,
    eligible: reason === undefined,
    reason: reason ?? 'Every test that passed before passes.',
    fitness: reason === undefined && report && code ? fitnessOf(code.report, report, weights) : null,
    findings: report?.findings.all ?? 0,
    testsPassed: report?.tests.passed ?? 0,
    testsFailed: report?.tests.failed ?? 0,
    broken: report?.broken.length ?? 0,
    missing: report?.missing.length ?? 0,
    linesChanged: report ? linesChanged(report) : 0,
    functionCoverage: report?.coverage.functions ?? null,
    workspace: candidate.workspace,
  };
}

function whyNot(
  report: CollectedReport<'validation'>['report'] | undefined,
  counted: boolean,
): string | undefined {
  if (report === undefined) return 'It was not validated.';
  if (report.broken.length > 0)
    return `${count(report.broken.length, 'test')} broken: ${firstOf(report.broken, 3)}.`;
  if (report.missing.length > 0)
    return `${count(report.missing.length, 'test')} did not run: ${firstOf(report.missing, 3)}.`;
  if (!acceptsCandidate(report)) return 'No test ran.';
  return counted ? undefined : 'The findings before are not known, so nothing can be compared.';
}
