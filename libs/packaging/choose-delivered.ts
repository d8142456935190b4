import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { DeliveryInput } from '../contracts/activities.js';
import { type ValidationReport, validationReportSchema } from '../contracts/reports/candidate.js';
import type { MergeReport } from '../contracts/reports/merge.js';
import type { Judgement, Standing } from '../contracts/reports/synthesis.js';
import { HeptadError } from '../protocol/errors.js';
import { isBelow } from '../synthesis/decision.js';
import { hasCandidates } from '../synthesis/handed-on.js';
import { type Delivered, judgeDelivered } from '../synthesis/judge.js';
import { readJudged } from '../synthesis/read-judged.js';
import { ofKind } from '../synthesis/report.js';
import { byMerge } from '../synthesis/standing-of-merge.js';
import { bestStanding } from '../synthesis/standings.js';
import { chooseUncontested } from './choose-uncontested.js';
import type { DeliveredResult } from './delivered-result.js';
import { type PackagedRun, recordOf } from './read-run.js';

/**
 * Evaluates the criteria again on what the merge made. Where it stands below what verify decided on, the best
 * candidate is taken, which verify judged by the same criteria. Where nothing competed there is no merge, and what is
 * taken is what the work ended with, which is what verify judged.
 *
 * @throws HeptadError `Blocked` verify decided BLOCK, or no candidate is eligible
 * @throws HeptadError `InputInvalid` the best candidate has no workspace or no validation; there are candidates and no
 *   merge, or the other way round
 */
export async function chooseDelivered(
  store: ArtifactStore,
  run: PackagedRun,
  input: DeliveryInput,
): Promise<DeliveredResult> {
  const { judgement, merge, execution } = run;
  if (judgement.decision === 'BLOCK') throw new HeptadError('Blocked');
  if (hasCandidates(execution) !== (merge !== null))
    throw new HeptadError(
      'InputInvalid',
      merge ? 'There is a merge, and nothing competed.' : 'There are candidates, and they were not merged.',
    );
  if (!merge) return chooseUncontested(run);
  const best = bestStanding(judgement);
  if (!best) throw new HeptadError('Blocked', 'No candidate is eligible, so there is nothing to deliver.');
  const made = await judgedMerge(store, run, merge, input);
  const problem = whyNot(made, judgement, best);
  if (problem === null)
    return {
      candidate: merge.result.candidate,
      item: made.standing.item,
      ...made,
      workspace: merge.result.workspace,
      validated: merge.result.validation,
      insteadOfMerge: null,
    };
  return { ...candidateOf(run, best), insteadOfMerge: problem };
}

/** What the merge made, judged like a candidate. */
async function judgedMerge(
  store: ArtifactStore,
  run: PackagedRun,
  merge: MergeReport,
  input: DeliveryInput,
): Promise<{ standing: Standing; validation: ValidationReport; judgement: Judgement }> {
  const validation = await store.getJson(merge.result.validation.digest, validationReportSchema);
  const judged = await readJudged(store, { ...input, executeRecord: recordOf(input, 'execute') });
  const { result } = merge;
  const delivered: Delivered = {
    ...originOf(run, merge),
    candidate: result.candidate,
    workspace: result.workspace.digest,
    validation,
    verification: result.measurements.verification,
  };
  const judgement = await judgeDelivered(judged, delivered);
  const standing = judgement.standings.find(({ item }) => item === delivered.item);
  if (!standing) throw new HeptadError('Unexpected', `The judgement has no standing of ${delivered.item}.`);
  return { standing, validation, judgement };
}

/** Who made it: a merge is nobody's; where it found nothing better, it is the parent itself. */
function originOf(
  { judgement }: PackagedRun,
  merge: MergeReport,
): Pick<Standing, 'item' | 'strategy' | 'agent'> {
  const { candidate, workspace } = merge.result;
  const parent = parentOf(merge);
  if (!parent) return byMerge;
  const standing = judgement.standings.find(({ item }) => item === parent.item);
  if (!standing)
    throw new HeptadError(
      'InputInvalid',
      `The merge calls ${workspace.digest} the candidate ${candidate}, which was not judged.`,
    );
  return { item: standing.item, strategy: standing.strategy, agent: standing.agent };
}

/** The parent that the merge ended with; undefined where it made something new. */
export const parentOf = ({ parents, result }: MergeReport): MergeReport['parents'][number] | undefined =>
  parents.find(
    ({ candidate, workspace }) => candidate === result.candidate && workspace === result.workspace.digest,
  );

/** Why what the merge made is not delivered; null where it is. */
function whyNot(
  made: { standing: Standing; judgement: Judgement },
  { decision }: Judgement,
  best: Standing,
): string | null {
  const { standing, judgement } = made;
  if (!standing.eligible) return `Model D is not eligible: ${standing.reason}`;
  if (isBelow(judgement.decision, decision))
    return `The decision on Model D is ${judgement.decision}; on candidate ${best.candidate} it is ${decision}.`;
  if ((standing.fitness ?? -1) < (best.fitness ?? -1))
    return `Model D has the fitness ${standing.fitness}; candidate ${best.candidate} has ${best.fitness}.`;
  return null;
}

/** The best candidate, as verify judged it. */
function candidateOf(
  { execution, collected, judgement }: PackagedRun,
  best: Standing,
): Omit<DeliveredResult, 'insteadOfMerge'> {
  const workspace = execution.results.find(({ item }) => item === best.item)?.workspace;
  if (!workspace || workspace.digest !== best.workspace)
    throw new HeptadError(
      'InputInvalid',
      `The workspace of candidate ${best.candidate} is not the one that was judged.`,
    );
  const validation = ofKind(collected, 'validation').find(({ workedOn }) => workedOn === best.item);
  const validated = execution.results.find(({ item }) => item === validation?.item)?.outcome;
  if (!validation || !validated)
    throw new HeptadError('InputInvalid', `The candidate ${best.candidate} was not validated.`);
  const { candidate } = best;
  return {
    candidate,
    item: best.item,
    standing: best,
    workspace,
    validation: validation.report,
    validated,
    judgement,
  };
}
