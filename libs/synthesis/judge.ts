import type { Execution } from '../contracts/phase.js';
import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { InfrastructureReport } from '../contracts/reports/infrastructure.js';
import type { Judgement, Standing, Synthesis } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import { riskLimits } from './assess-risks.js';
import { collect } from './collect.js';
import { decisionOf } from './decision.js';
import { comparableFindings } from './fitness.js';
import { count, firstOf } from './order.js';
import { type Collected, ofKind } from './report.js';
import { bestOf, type Contender, standingOf, standings } from './standings.js';
import type { ScoresByItem } from './verification-score.js';

/** What a check of bytes found. */
export interface Checked {
  readonly ok: boolean;
  /** What was looked at, or what is wrong. */
  readonly says: string;
}

export interface Judged {
  readonly arrived: readonly Collected[];
  readonly unfinished: Execution['unfinished'];
  readonly synthesis: Synthesis;
  readonly weights: Template['fitness'];
  /** What verifiers found of each item. */
  readonly scores: ScoresByItem;
  /** Whether the captured subject, to which one would go back, is whole. */
  readonly rollback: Checked;
  /** Whether a result brings no secret that was not there before; asked of the best, where there is one. */
  readonly secretsOf: (best: Standing) => Promise<Checked>;
}

/** Percentage points by which coverage may fall without a warning: runs differ by a line or two. */
const coverageSlack = 1;

/**
 * Judges the whole result of a run by its best candidate: critical criteria, warnings, and the decision that follows.
 * What counts as a warning is in docs/reference/fitness.md. Outcomes alone are looked at, never times.
 */
export async function judge(judged: Judged): Promise<Judgement> {
  const { inputs } = collect(judged.arrived);
  const all = standings(inputs, judged.weights, judged.scores);
  const best = bestOf(all);
  const validation = ofKind(inputs, 'validation').find(({ workedOn }) => workedOn === best?.item);
  return await judgementOn(judged, inputs, all, best, validation?.report);
}

/** What is delivered, and its validation. */
export type Delivered = Omit<Contender, 'validation'> & { readonly validation: ValidationReport };

/**
 * Judges the same run by what is really delivered, such as Model D: the same criteria and warnings, evaluated on its
 * validation and its workspace. Its standing is beside those of the candidates, in the place of one of the same item.
 * `best` is it, or null where its validation does not accept it.
 */
export async function judgeDelivered(judged: Judged, delivered: Delivered): Promise<Judgement> {
  const { inputs } = collect(judged.arrived);
  const standing = standingOf(delivered, ofKind(inputs, 'code')[0]?.report, judged.weights);
  const all = standings(inputs, judged.weights, judged.scores);
  const same = all.findIndex(({ item }) => item === standing.item);
  return await judgementOn(
    judged,
    inputs,
    same < 0 ? [...all, standing] : all.with(same, standing),
    standing,
    delivered.validation,
  );
}

async function judgementOn(
  judged: Judged,
  inputs: readonly Collected[],
  all: readonly Standing[],
  wanted: Standing | undefined,
  validation: ValidationReport | undefined,
): Promise<Judgement> {
  const best = wanted?.eligible ? wanted : undefined;
  const criteria = [
    testsCritical(wanted ? [wanted] : all, best),
    await highRisk(judged, best),
    {
      id: 'rollback.tested',
      says: 'The captured subject is whole, so going back is pointing at it.',
      met: judged.rollback.ok,
      evidence: judged.rollback.says,
    },
    agreed(judged.synthesis),
  ];
  const warnings = warningsOf(judged, inputs, best && validation);
  return {
    kind: 'judgement',
    decision: decisionOf({ criteria, warnings }),
    criteria,
    warnings,
    standings: [...all],
    best: best?.candidate ?? null,
  };
}

type Criterion = Judgement['criteria'][number];

function testsCritical(all: readonly Standing[], best: Standing | undefined): Criterion {
  const evidence = best
    ? `${best.item}: ${count(best.testsPassed, 'test')} passed, none that passed before fails, none is missing.`
    : all.length === 0
      ? 'There is no candidate.'
      : all.map(({ item, reason }) => `${item}: ${reason}`).join(' ');
  return {
    id: 'tests.critical',
    says: 'What would be delivered keeps every test that passed before.',
    met: best !== undefined,
    evidence,
  };
}

async function highRisk({ secretsOf }: Judged, best: Standing | undefined): Promise<Criterion> {
  const found = best ? await secretsOf(best) : { ok: false, says: 'There is no candidate to look at.' };
  return {
    id: 'security.high-risk',
    says: 'What would be delivered brings no secret in.',
    met: found.ok,
    evidence: found.says,
  };
}

function agreed({ synthesis: { conflicts } }: Synthesis): Criterion {
  const open = conflicts.filter(({ severity, resolution }) => severity === 'critical' && resolution === null);
  return {
    id: 'conflicts.critical',
    says: 'No critical conflict is open.',
    met: open.length === 0,
    evidence:
      open.length === 0
        ? `${count(conflicts.length, 'conflict')}, none critical and open.`
        : firstOf(open.map(({ about }) => about)),
  };
}

function warningsOf(
  { unfinished }: Judged,
  inputs: readonly Collected[],
  validation: ValidationReport | undefined,
): string[] {
  const [infrastructure] = ofKind(inputs, 'infrastructure');
  return [
    ...(infrastructure && validation ? testWarnings(infrastructure.report, validation) : []),
    ...(infrastructure ? documentationWarnings(infrastructure.report) : []),
    ...(infrastructure ? secretWarnings(infrastructure.report) : []),
    ...(validation ? changeWarnings(validation, ofKind(inputs, 'code')[0]?.report) : []),
    ...(unfinished.length > 0
      ? [
          `${count(unfinished.length, 'item')} without a result: ${firstOf(unfinished.map(({ item, code }) => `${item} (${code})`))}.`,
        ]
      : []),
  ];
}

function testWarnings({ baseline, coverage }: InfrastructureReport, report: ValidationReport): string[] {
  const warnings: string[] = [];
  if (report.tests.failed > 0)
    warnings.push(`${count(report.tests.failed, 'test')} that failed before still fail.`);
  if (report.tests.skipped > baseline.skipped)
    warnings.push(`${count(report.tests.skipped, 'test')} are skipped; before it was ${baseline.skipped}.`);
  const { functions } = report.coverage;
  if (functions === null)
    warnings.push('Coverage was not counted, so nothing says how much the tests reach.');
  else if (functions < riskLimits.fewFunctions)
    warnings.push(`The tests reach ${functions} % of the functions; passing says little of the rest.`);
  if (functions !== null && coverage.functions !== null && functions < coverage.functions - coverageSlack)
    warnings.push(`Coverage of functions fell from ${coverage.functions} % to ${functions} %.`);
  return warnings;
}

const documentationWarnings = ({ licenses }: InfrastructureReport): string[] =>
  licenses.declared !== null && licenses.valid
    ? []
    : [
        `The licence is not documented: package.json declares ${licenses.declared === null ? 'none' : JSON.stringify(licenses.declared)}.`,
      ];

const secretWarnings = ({ secrets }: InfrastructureReport): string[] =>
  secrets.length === 0
    ? []
    : [`The subject itself holds ${count(secrets.length, 'place')} that look like secrets.`];

function changeWarnings(validation: ValidationReport, code: CodeReport | undefined): string[] {
  const { change } = validation;
  const findings = code && comparableFindings(code, validation);
  const warnings: string[] = [];
  if (change.largestDeletion >= riskLimits.deletion)
    warnings.push(`It deletes ${change.largestDeletion} lines in one place, which tests may not see.`);
  if (change.files === 0) warnings.push('It changes nothing.');
  if (findings && findings.after > findings.before)
    warnings.push(`It has ${findings.after} findings; the subject had ${findings.before}.`);
  return warnings;
}
