import { deconstruct } from './deconstruct.js';
import { diagnose } from './diagnose.js';
import type {
  DeconstructOutcome,
  DeliverOutcome,
  DevelopOutcome,
  DiagnoseOutcome,
  Step,
} from './outcomes.js';
import { steps } from './outcomes.js';
import { demanded, judged, rounded, stepWeights } from './scores.js';

/** What the steps before gave. */
export interface Before {
  readonly deconstruct: DeconstructOutcome;
  readonly diagnose: DiagnoseOutcome;
  readonly develop: DevelopOutcome;
}

/**
 * Judges the specification that is delivered: it is taken apart and diagnosed again, as the request was. The score is
 * the mean of both, and 0 where one of them is below what it was before.
 *
 * @param request the text that the specification takes the place of
 */
export function deliver(request: string, before: Before, file: string): DeliverOutcome {
  const { text } = before.develop;
  const taken = deconstruct(text);
  const found = diagnose(text);
  const fell = taken.score < before.deconstruct.score || found.score < before.diagnose.score;
  const own = judged(fell ? 0 : (taken.score + found.score) / 2);
  const scores: Readonly<Record<Step, number>> = {
    deconstruct: before.deconstruct.score,
    diagnose: before.diagnose.score,
    develop: before.develop.score,
    deliver: own.score,
  };
  const each = steps.map((step) => ({ step, ...judged(scores[step]) }));
  const overall = rounded(steps.reduce((sum, step) => sum + stepWeights[step] * scores[step], 0));
  return {
    kind: 'request-deliver',
    ...own,
    file,
    changed: text !== request,
    deconstruct: { before: before.deconstruct.score, after: taken.score },
    diagnose: { before: before.diagnose.score, after: found.score },
    steps: each,
    overall,
    accepted: overall >= demanded.overall && each.every(({ passed }) => passed),
    openQuestions: found.findings.filter(({ kind }) => kind === 'open').length,
  };
}
