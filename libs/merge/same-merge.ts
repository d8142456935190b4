import { type Compared, compareOutcomes } from '../agents/compare.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { Comparison } from '../contracts/agent.js';
import { validationReportSchema } from '../contracts/reports/candidate.js';
import type { MergeReport } from '../contracts/reports/merge.js';
import type { Digest } from '../protocol/digest.js';

/**
 * Whether two merges of the same candidates are the same: equal in everything, and their validations equal as the
 * validator declares it (see `compareOutcomes`), which need not be by digest.
 *
 * @param comparison the validator's
 */
export async function sameMerge(
  store: ArtifactStore,
  first: MergeReport,
  second: MergeReport,
  comparison: Comparison,
): Promise<Compared> {
  const reports = compareOutcomes('digest', withoutValidations(first), withoutValidations(second));
  if (!reports.equal) return reports;
  const differences: string[] = [];
  const compare = async (what: string, one: Digest | null, other: Digest | null): Promise<void> => {
    if (one === other) return;
    const [before, after] = await Promise.all(
      [one, other].map((digest) => digest && store.getJson(digest, validationReportSchema)),
    );
    const compared = compareOutcomes(comparison, before, after);
    differences.push(...compared.differences.map((difference) => `${what}: ${difference}`));
  };
  for (const [index, { number, validation }] of first.evaluations.entries())
    await compare(`validation ${number}`, validation, second.evaluations[index]?.validation ?? null);
  await compare('the result', first.result.validation.digest, second.result.validation.digest);
  return { equal: differences.length === 0, differences };
}

function withoutValidations({ evaluations, result, ...report }: MergeReport): unknown {
  const { validation: _, ...rest } = result;
  return {
    ...report,
    result: rest,
    evaluations: evaluations.map(({ validation, ...evaluation }) => ({
      ...evaluation,
      validated: validation !== null,
    })),
  };
}
