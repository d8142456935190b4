import { agentManifestSchema, type Comparison } from '../../contracts/agent.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import { stagedPackageSchema } from '../../contracts/phase.js';
import { type MergeReport, mergeReportSchema } from '../../contracts/reports/merge.js';
import { readGround } from '../../merge/ground.js';
import { repeatMerge } from '../../merge/merge-candidates.js';
import { sameMerge } from '../../merge/same-merge.js';
import { assemblePackage } from '../../packaging/assemble.js';
import type { CheckList } from '../check-list.js';
import { deliveryInput } from '../delivery-input.js';
import type { Judged } from '../judged.js';
import { type CleanRoom, type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';
import { selfCheckAccepts } from './self-check-accepts.js';

/**
 * Pass B of deliver: the package is assembled again, every file of it byte for byte, and where there is a merge it is
 * repeated from its seed with every combination built and tested again.
 */
export const assembleAgain: Repetition = async (judged, checks, room) => {
  const { store, run, signal } = judged;
  const staged = await checks.attempt('output-read', 'The output could be read.', () =>
    store.getJson(judged.output.digest, stagedPackageSchema),
  );
  if (!staged) return settled;
  const made = await checks.attempt('assembled-again', 'The package was assembled a second time.', () =>
    assemblePackage(store, { run, input: deliveryInput(judged), merged: staged.merge }, signal),
  );
  if (made) await sameOutcome(judged, checks, made);
  const settledBefore = checks.passed;
  const unsettled = staged.merge !== null && (await mergeAgain(judged, checks, room, staged.merge));
  return { disagrees: unsettled && settledBefore && (await selfCheckAccepts(judged)) };
};

/** @returns whether all that differs is what validators found that declare themselves not reproducible */
async function mergeAgain(
  judged: Judged,
  checks: CheckList,
  room: CleanRoom,
  merged: ArtifactRef,
): Promise<boolean> {
  const { store, run } = judged;
  let unsettled = false;
  await checks.attempt(
    'merged-again',
    'The merge was repeated from its seed, every combination built and tested again: equal.',
    async (problems) => {
      const { accepted, assignment, executed, judged: judgement } = deliveryInput(judged);
      const input = { run, accepted, assignment, executed, judged: judgement };
      const first = await store.getJson(merged.digest, mergeReportSchema);
      const second = await repeatMerge(input, { ...room, store, signal: judged.signal }, first);
      const comparison = await comparisonOf(judged, input);
      const { equal, differences } = await sameMerge(store, first, second, comparison);
      if (equal) return;
      problems.push(`The merge differs: ${differences.join('; ')}.`);
      const rest = await sameMerge(store, first, withValidationsOf(second, first), comparison);
      unsettled = comparison !== 'digest' && rest.equal;
    },
  );
  return unsettled;
}

/** How the validators declare that their outcomes are compared; by digest as soon as one of them does. */
async function comparisonOf({ store }: Judged, input: Parameters<typeof readGround>[1]): Promise<Comparison> {
  const { validators } = await readGround(store, input);
  const manifests = await Promise.all(
    validators.map(({ agent }) => store.getJson(agent.manifest, agentManifestSchema)),
  );
  const declared = manifests.map(({ comparison }) => comparison);
  return declared.find((comparison) => comparison === 'digest') ?? declared[0] ?? 'digest';
}

function withValidationsOf(merge: MergeReport, other: MergeReport): MergeReport {
  return {
    ...merge,
    evaluations: merge.evaluations.map((evaluation, index) => ({
      ...evaluation,
      validation: other.evaluations[index]?.validation ?? null,
    })),
    result: { ...merge.result, validation: other.result.validation },
  };
}
