import { isDeepStrictEqual } from 'node:util';
import { executionSchema, type StagedPackage } from '../../contracts/phase.js';
import { validationReportSchema } from '../../contracts/reports/candidate.js';
import { type MergeReport, mergeReportSchema } from '../../contracts/reports/merge.js';
import { type Judgement, judgementSchema } from '../../contracts/reports/synthesis.js';
import { HeptadError } from '../../protocol/errors.js';
import { eligibilityOf } from '../../synthesis/accepts-candidate.js';
import { decisionOf, isBelow } from '../../synthesis/decision.js';
import { bestStanding } from '../../synthesis/standings.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';
import { checkUncontested } from './delivered-uncontested.js';
import { isUncontested } from './is-uncontested.js';

/** What is delivered follows from the merge and from the criteria, evaluated again on it; or from the work as it ended. */
export async function checkDelivered(
  judged: Judged,
  checks: CheckList,
  staged: StagedPackage,
): Promise<void> {
  if (await isUncontested(judged)) await checkUncontested(judged, checks, staged);
  else await checkContested(judged, checks, staged);
}

async function checkContested(judged: Judged, checks: CheckList, staged: StagedPackage): Promise<void> {
  const { store } = judged;
  const read = await checks.attempt(
    'delivered-read',
    'Merge, judgement and validation can be read.',
    async () => {
      const { merge, validation } = staged;
      if (!merge || !validation)
        throw new HeptadError('InputInvalid', 'There are candidates, but no merge or no validation.');
      return {
        merge: await store.getJson(merge.digest, mergeReportSchema),
        judgement: await store.getJson(staged.judgement.digest, judgementSchema),
        validation: await store.getJson(validation.digest, validationReportSchema),
        before: await readInput(judged, 'judged', judgementSchema),
      };
    },
  );
  if (!read) return;
  const { merge, judgement, validation, before } = read;
  checks.problems(
    'merge-no-worse',
    `${merge.result.candidate} is no worse than each of ${merge.parents.length} candidates.`,
    mergeProblems(merge, before),
  );
  await checks.attempt(
    'delivered-follows',
    staged.insteadOfMerge === null
      ? 'What the merge made is delivered.'
      : 'The best verified candidate is delivered, and it is said why.',
    async (problems) => {
      if (staged.insteadOfMerge === null) problems.push(...mergedProblems(staged, merge));
      else problems.push(...(await insteadProblems(judged, staged, before)));
    },
  );
  const { eligible, reason } = eligibilityOf(validation);
  checks.problems('delivered-accepted', reason, eligible ? [] : [`It is not eligible: ${reason}`]);
  checks.problems(
    'criteria-again',
    `The criteria, evaluated on what is delivered, make it ${judgement.decision}.`,
    judgementProblems(staged, judgement, before),
  );
}

/** By construction it is never worse than its best parent, and its parents are the candidates that were judged. */
function mergeProblems({ parents, result }: MergeReport, { standings }: Judgement): string[] {
  const problems: string[] = [];
  const judged = new Map(standings.map((one) => [one.item, one]));
  for (const parent of parents) {
    const standing = judged.get(parent.item);
    judged.delete(parent.item);
    const { candidate, workspace, eligible, fitness } = standing ?? {};
    if (!isDeepStrictEqual(parent, { candidate, item: parent.item, workspace, eligible, fitness }))
      problems.push(`The parent ${parent.item} is not the candidate that was judged.`);
  }
  for (const item of judged.keys()) problems.push(`The candidate ${item} was judged, and is no parent.`);
  const best = Math.max(...parents.flatMap(({ eligible, fitness }) => (eligible ? (fitness ?? []) : [])));
  const same = parents.some(
    ({ candidate, workspace }) => candidate === result.candidate && workspace === result.workspace.digest,
  );
  if (result.fitness < best) problems.push(`It has the fitness ${result.fitness}; a parent has ${best}.`);
  if (result.improved === same)
    problems.push(
      same ? 'It is called better than every parent, and is one.' : 'It is called a parent, and is none.',
    );
  return problems;
}

function mergedProblems(staged: StagedPackage, { result }: MergeReport): string[] {
  const problems: string[] = [];
  if (staged.candidate !== result.candidate)
    problems.push(`The candidate ${staged.candidate} is staged, not ${result.candidate}.`);
  if (!isDeepStrictEqual(staged.workspace, result.workspace))
    problems.push('The workspace is not the one that the merge made.');
  if (staged.validation?.digest !== result.validation.digest)
    problems.push('The validation is not the one that the merge names.');
  return problems;
}

async function insteadProblems(judged: Judged, staged: StagedPackage, before: Judgement): Promise<string[]> {
  const best = bestStanding(before);
  if (!best) return ['No candidate is eligible, so there is none to deliver.'];
  const { results } = await readInput(judged, 'executed', executionSchema);
  const made = results.find(({ item }) => item === best.item);
  const problems: string[] = [];
  if (staged.insteadOfMerge?.trim() === '') problems.push('It is not said why.');
  if (staged.candidate !== best.candidate)
    problems.push(`The candidate ${staged.candidate} is staged, not ${best.candidate}.`);
  if (!isDeepStrictEqual(staged.workspace, made?.workspace))
    problems.push(`The workspace is not that of ${best.item}.`);
  if (!results.some(({ outcome }) => outcome.digest === staged.validation?.digest))
    problems.push('The validation is not one that execute made.');
  if (staged.judgement.digest !== inputOf(judged, 'judged').digest)
    problems.push('The judgement is not that of the phase verify.');
  return problems;
}

function judgementProblems(staged: StagedPackage, judgement: Judgement, before: Judgement): string[] {
  const problems: string[] = [];
  const expected = decisionOf(judgement);
  if (judgement.decision !== expected)
    problems.push(`Criteria and warnings make it ${expected}, but it is stated as ${judgement.decision}.`);
  if (isBelow(expected, before.decision))
    problems.push(`The decision on what is delivered is ${expected}; the run's is ${before.decision}.`);
  const standing = judgement.standings.find(
    ({ candidate, workspace }) => candidate === staged.candidate && workspace === staged.workspace.digest,
  );
  if (!standing?.eligible) problems.push('What is delivered has no standing as an eligible candidate.');
  return problems;
}
