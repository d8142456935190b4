import { z } from 'zod';
import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { Judgement } from '../contracts/reports/synthesis.js';
import { acceptsCandidate, eligibilityOf } from './accepts-candidate.js';
import { completeness } from './completeness.js';
import { agreed, rollbackTested } from './criteria.js';
import { decisionOf } from './decision.js';
import type { HandedOn } from './handed-on.js';
import type { Judged } from './judged.js';
import { count } from './order.js';
import { type Collected, type CollectedReport, ofKind } from './report.js';
import { warningsOf } from './warnings.js';

type Criterion = Judgement['criteria'][number];

/**
 * Judges a run in which nothing competes: what it ends with is one workspace that was changed, or its reports alone.
 *
 * @param inputs each outcome once
 */
export async function judgeUncontested(judged: Judged, inputs: readonly Collected[]): Promise<Judgement> {
  const { handedOn } = judged;
  const [result] = handedOn.length === 1 ? handedOn : [];
  const validation = result && validationOf(result.item, inputs)?.report;
  const criteria = [
    testsCritical(judged, result, validation, result && verdictOf(judged, result.item, inputs)),
    await highRisk(judged, result),
    rollbackTested(judged),
    agreed(judged.synthesis),
    ...completeness({ ...judged, inputs }),
  ];
  const warnings = [
    ...warningsOf(judged, inputs, validation),
    ...(result && !validation && !verdictOf(judged, result.item, inputs)
      ? [`What ${result.item} handed back was not tested.`]
      : []),
  ];
  return {
    kind: 'judgement',
    decision: decisionOf({ criteria, warnings }),
    criteria,
    warnings,
    standings: [],
    best: null,
  };
}

/** The validation of what an item handed back; the one that speaks against it, where several validated it. */
export function validationOf(
  item: string,
  inputs: readonly Collected[],
): CollectedReport<'validation'> | undefined {
  const validations = ofKind(inputs, 'validation').filter(({ workedOn }) => workedOn === item);
  return validations.find(({ report }) => !acceptsCandidate(report)) ?? validations[0];
}

/** What a validation of the template's own says of a workspace. */
interface OwnVerdict {
  readonly item: string;
  readonly passed: boolean;
}

const verdictSchema = z.looseObject({ passed: z.boolean() });

/**
 * The verdict on what an item ends with, of an item of the category validation whose outcome says whether it `passed`;
 * the one that speaks against it, where there are several.
 */
function verdictOf({ graph }: Judged, ends: string, inputs: readonly Collected[]): OwnVerdict | undefined {
  const categories = new Map(graph.items.map(({ id, category }) => [id, category]));
  const verdicts = ofKind(inputs, 'custom').flatMap(({ item, workedOn, report }): OwnVerdict[] => {
    const about = item === ends || workedOn === ends;
    if (!about || categories.get(item) !== 'validation') return [];
    const { data } = verdictSchema.safeParse(report.outcome);
    return data ? [{ item, passed: data.passed }] : [];
  });
  return verdicts.find(({ passed }) => !passed) ?? verdicts[0];
}

const noOne = 'There is no one result to look at.';

function testsCritical(
  { handedOn, tests }: Judged,
  result: HandedOn | undefined,
  validation: ValidationReport | undefined,
  verdict: OwnVerdict | undefined,
): Criterion {
  const id = 'tests.critical';
  const says = 'What would be delivered keeps every test that passed before.';
  if (handedOn.length === 0)
    return { id, says, met: true, evidence: 'Nothing is changed, so no test is at stake.' };
  if (!result) return { id, says, met: false, evidence: noOne };
  if (validation) {
    const { eligible, reason } = eligibilityOf(validation);
    const passed = `${count(validation.tests.passed, 'test')} passed.`;
    return { id, says, met: eligible, evidence: `${result.item}: ${reason} ${passed}` };
  }
  if (verdict)
    return {
      id,
      says,
      met: verdict.passed,
      evidence: `${verdict.item}: ${verdict.passed ? 'passed' : 'did not pass'}.`,
    };
  if (tests) return { id, says, met: false, evidence: `${result.item} was not validated.` };
  return {
    id,
    says: 'No test that the run knows of is lost.',
    met: true,
    evidence: 'The template has no tests run, so of none it is known whether it passed before.',
  };
}

async function highRisk({ handedOn, secretsOf }: Judged, result: HandedOn | undefined): Promise<Criterion> {
  const found =
    handedOn.length === 0
      ? { ok: true, says: 'Nothing is changed, so no secret can have come in.' }
      : result
        ? await secretsOf({ item: result.item, workspace: result.workspace.digest })
        : { ok: false, says: noOne };
  return {
    id: 'security.high-risk',
    says: 'What would be delivered brings no secret in.',
    met: found.ok,
    evidence: found.says,
  };
}
