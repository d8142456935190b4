import type { Verdict } from '../contracts/evidence.js';
import type { FitnessMeasurements } from '../contracts/reports/fitness.js';

/** Checks that verifiers made, and how many of them were ok. */
export type VerificationScore = FitnessMeasurements['verification'];

/** Checks by the item that they are about. */
export type ScoresByItem = ReadonlyMap<string, VerificationScore>;

/** Before there are verdicts. Nobody checked anything, so it counts for nobody. */
export const unverified: ScoresByItem = new Map();

/** A check of pass A on an item's result, or of pass B on its repetition. */
const aboutItem = /^(?:result|again):(?<item>.+)$/;

/** Counts the checks of verdicts by the item that they are about; others are about the execution as a whole. */
export function scoresOf(verdicts: readonly Pick<Verdict, 'pass' | 'checks'>[]): ScoresByItem {
  const scores = new Map<string, VerificationScore>();
  // Pass C judges the verifiers with what it seeds, not the candidates.
  for (const { checks } of verdicts.filter(({ pass }) => pass !== 'C'))
    for (const { check, ok } of checks) {
      const item = aboutItem.exec(check)?.groups?.item;
      if (item !== undefined)
        scores.set(item, added(scores.get(item) ?? none, { checks: 1, ok: ok ? 1 : 0 }));
    }
  return scores;
}

/** The score over several items. An item that nobody checked adds nothing. */
export const scoreOf = (scores: ScoresByItem, items: readonly string[]): VerificationScore =>
  [...new Set(items)].reduce((sum, item) => added(sum, scores.get(item) ?? none), none);

const none: VerificationScore = { checks: 0, ok: 0 };

const added = (a: VerificationScore, b: VerificationScore): VerificationScore => ({
  checks: a.checks + b.checks,
  ok: a.ok + b.ok,
});
