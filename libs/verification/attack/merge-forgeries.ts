import { executionSchema, type StagedPackage } from '../../contracts/phase.js';
import { type MergeReport, mergeReportSchema } from '../../contracts/reports/merge.js';
import { type Judgement, judgementSchema } from '../../contracts/reports/synthesis.js';
import { readInput } from '../read-input.js';
import { changing, type Forgery, type Rejecting, withFirst } from './forgery.js';
import { type Package, replacing } from './listed-package.js';

/** Puts a changed report of the merge in the place of the genuine one. */
const changingMerge = (
  name: string,
  change: (merge: MergeReport, staged: StagedPackage, material: Package) => Promise<unknown> | unknown,
  by: Rejecting,
): Forgery<StagedPackage> =>
  changing(
    name,
    async (staged, material: Package) => {
      const { store } = material;
      if (!staged.merge) return undefined;
      const genuine = await store.getJson(staged.merge.digest, mergeReportSchema);
      const changed = await change(structuredClone(genuine), staged, material);
      if (changed === undefined) return undefined;
      const merge = await store.putJson(changed);
      return { ...(await replacing(staged, staged.merge, merge, material)), merge };
    },
    by,
  );

/** Puts a changed judgement in the place of the genuine one. */
const changingJudgement = (
  name: string,
  change: (judgement: Judgement) => unknown,
  by: Rejecting,
): Forgery<StagedPackage> =>
  changing(
    name,
    async (staged, material: Package) => {
      const { store } = material;
      const genuine = await store.getJson(staged.judgement.digest, judgementSchema);
      const changed = change(structuredClone(genuine));
      if (changed === undefined) return undefined;
      const judgement = await store.putJson(changed);
      return { ...(await replacing(staged, staged.judgement, judgement, material)), judgement };
    },
    by,
  );

/** Forgeries of how Model D came to be, and of the criteria that were evaluated on it. */
export const mergeForgeries: readonly Forgery<StagedPackage>[] = [
  changingMerge(
    'lineage-altered',
    (merge) => {
      const lineage = withFirst(merge.result.lineage, (one) => ({ ...one, from: ['Z'] }));
      return lineage && { ...merge, result: { ...merge.result, lineage } };
    },
    'B',
  ),
  changingMerge(
    'lineage-dropped',
    (merge) =>
      merge.result.lineage.length > 0
        ? { ...merge, result: { ...merge.result, lineage: merge.result.lineage.slice(1) } }
        : undefined,
    'B',
  ),
  changingMerge(
    'fitness-of-the-merge-raised',
    (merge) => ({ ...merge, result: { ...merge.result, fitness: merge.result.fitness + 0.01 } }),
    'B',
  ),
  changingMerge(
    'fitness-of-the-merge-below-a-parent',
    (merge) => ({ ...merge, result: { ...merge.result, fitness: -1 } }),
    'A',
  ),
  changingMerge(
    'measurements-of-the-merge-altered',
    ({ result, ...merge }) => {
      const { findings } = result.measurements;
      const measurements = { ...result.measurements, findings: { ...findings, after: findings.after + 1 } };
      return { ...merge, result: { ...result, measurements } };
    },
    'B',
  ),
  changingMerge(
    'seed-of-the-merge-replaced',
    (merge) => ({ ...merge, seed: `sha256:${'5'.repeat(64)}` }),
    'B',
  ),
  changingMerge(
    'parent-of-the-merge-dropped',
    (merge) => (merge.parents.length > 1 ? { ...merge, parents: merge.parents.slice(1) } : undefined),
    'A',
  ),
  changingMerge(
    'parent-of-the-merge-altered',
    (merge) => {
      const parents = withFirst(merge.parents, (parent) => ({ ...parent, fitness: 0.999 }));
      return parents && { ...merge, parents };
    },
    'A',
  ),
  changingMerge(
    'evaluation-of-the-merge-dropped',
    (merge) =>
      merge.evaluations.length > 0 ? { ...merge, evaluations: merge.evaluations.slice(1) } : undefined,
    'B',
  ),
  changingMerge(
    'merge-called-an-improvement',
    (merge) => ({ ...merge, result: { ...merge.result, improved: !merge.result.improved } }),
    'A',
  ),
  changingMerge(
    'merge-into-another-workspace',
    async (merge, staged, { judged }) => {
      const { results } = await readInput(judged, 'executed', executionSchema);
      const other = results.find(
        ({ workspace }) => workspace && workspace.digest !== staged.workspace.digest,
      );
      return other?.workspace && { ...merge, result: { ...merge.result, workspace: other.workspace } };
    },
    'A',
  ),
  changing('merge-that-is-none', (staged) => ({ ...staged, merge: staged.judgement })),
  changingJudgement(
    'judgement-raised',
    (judgement) => ({
      ...judgement,
      decision: 'PROCEED',
      criteria: judgement.criteria.map((criterion, index) =>
        index === 0 ? { ...criterion, met: false } : criterion,
      ),
    }),
    'A',
  ),
  changingJudgement(
    'criterion-of-the-judgement-embellished',
    (judgement) => {
      const criteria = withFirst(judgement.criteria, (criterion) => ({
        ...criterion,
        evidence: 'Somebody said so.',
      }));
      return criteria && { ...judgement, criteria };
    },
    'B',
  ),
  changingJudgement(
    'standing-of-the-judgement-raised',
    (judgement) => {
      const standings = withFirst(
        judgement.standings,
        (standing) => ({ ...standing, fitness: (standing.fitness ?? 0) + 0.01 }),
        ({ eligible }) => eligible,
      );
      return standings && { ...judgement, standings };
    },
    'B',
  ),
  changingJudgement(
    'standing-of-the-judgement-hidden',
    (judgement) => ({ ...judgement, standings: [] }),
    'A',
  ),
  changing('judgement-that-is-none', (staged) => ({ ...staged, judgement: staged.merge ?? staged.manifest })),
  changing('validation-of-another-candidate', async (staged, { judged }: Package) => {
    const { results } = await readInput(judged, 'executed', executionSchema);
    const other = results.find(({ accepted }) => !accepted);
    return other && { ...staged, validation: other.outcome };
  }),
];
