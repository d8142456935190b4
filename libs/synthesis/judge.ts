import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { Judgement, Standing } from '../contracts/reports/synthesis.js';
import { collect } from './collect.js';
import { agreed, rollbackTested } from './criteria.js';
import { decisionOf } from './decision.js';
import { hasCandidates } from './handed-on.js';
import { judgeUncontested } from './judge-uncontested.js';
import type { Judged } from './judged.js';
import { count } from './order.js';
import { type Collected, ofKind } from './report.js';
import { bestOf, type Contender, standingOf, standings } from './standings.js';
import { warningsOf } from './warnings.js';

export type { Judged } from './judged.js';

/**
 * Judges the whole result of a run by its best candidate, or where nothing competes by the work itself: criteria,
 * warnings, and the decision that follows. What they are is in docs/reference/fitness.md. Outcomes alone are looked at,
 * never times.
 */
export async function judge(judged: Judged): Promise<Judgement> {
  const { inputs } = collect(judged.arrived);
  if (!hasCandidates(judged)) return await judgeUncontested(judged, inputs);
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
    rollbackTested(judged),
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
