import { isDeepStrictEqual } from 'node:util';
import {
  acceptedRequestSchema,
  type Execution,
  executionSchema,
  type StagedPackage,
} from '../../contracts/phase.js';
import { validationReportSchema } from '../../contracts/reports/candidate.js';
import { judgementSchema } from '../../contracts/reports/synthesis.js';
import type { SnapshotRef } from '../../contracts/subject.js';
import { endingOf } from '../../packaging/choose-uncontested.js';
import { eligibilityOf } from '../../synthesis/accepts-candidate.js';
import { decisionOf } from '../../synthesis/decision.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';

/** What is delivered where nothing competed is what the work ended with, judged as verify did. */
export async function checkUncontested(
  judged: Judged,
  checks: CheckList,
  staged: StagedPackage,
): Promise<void> {
  const { store } = judged;
  await checks.attempt('delivered-follows', 'What the work ended with is delivered.', async (problems) => {
    const { captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
    const execution = await readInput(judged, 'executed', executionSchema);
    problems.push(...endingProblems(staged, execution, captured.snapshot));
    if (staged.judgement.digest !== inputOf(judged, 'judged').digest)
      problems.push('The judgement is not that of the phase verify.');
  });
  await checks.attempt(
    'delivered-accepted',
    staged.validation ? 'Its validation accepts it.' : 'No tests were run on it.',
    async (problems) => {
      if (!staged.validation) return;
      const validation = await store.getJson(staged.validation.digest, validationReportSchema);
      const { eligible, reason } = eligibilityOf(validation);
      if (!eligible) problems.push(`It is not accepted: ${reason}`);
    },
  );
  await checks.attempt('criteria-again', 'The decision follows from the criteria.', async (problems) => {
    const judgement = await store.getJson(staged.judgement.digest, judgementSchema);
    const expected = decisionOf(judgement);
    if (judgement.decision !== expected)
      problems.push(`Criteria and warnings make it ${expected}, but it is stated as ${judgement.decision}.`);
  });
}

/**
 * Why what is staged is not what work ended with in which nothing competed.
 *
 * @throws HeptadError `InputInvalid` it ends with more than one workspace
 */
export function endingProblems(staged: StagedPackage, execution: Execution, captured: SnapshotRef): string[] {
  const { candidate, item, workspace } = endingOf(execution, captured);
  const validating = new Set(
    item === null ? [] : execution.graph.items.flatMap((one) => (one.workspace === item ? [one.id] : [])),
  );
  const outcomes = new Set(
    execution.results.flatMap((one) => (validating.has(one.item) ? [one.outcome.digest] : [])),
  );
  const problems: string[] = [];
  if (staged.merge) problems.push('There is a merge, but nothing competed.');
  if (staged.insteadOfMerge !== null) problems.push('It is said to be delivered instead of a merge.');
  if (staged.candidate !== candidate)
    problems.push(`It is called ${staged.candidate}, but the work ended with ${candidate}.`);
  if (!isDeepStrictEqual(staged.workspace, workspace))
    problems.push(`The workspace is not that of ${item ?? 'the captured subject'}.`);
  if (staged.validation && !outcomes.has(staged.validation.digest))
    problems.push('The validation is not one of what is delivered.');
  return problems;
}
