import type { MergeReport } from '../contracts/reports/merge.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { byCodeUnit, count } from '../synthesis/order.js';
import type { Evaluated } from './evaluate.js';
import { type Genome, refineAt } from './genome.js';
import type { Ground } from './ground.js';
import { described, type MergePart, refine } from './parts.js';
import type { Found } from './search.js';

/** The name of what is merged. */
const modelD = 'D';

/**
 * The report of a merge.
 *
 * @throws HeptadError `Blocked` neither a combination nor a candidate is eligible
 */
export function mergeReport(
  ground: Ground,
  searched: Found<MergePart, Evaluated>,
  { seed, evaluations }: { seed: Digest; evaluations: number },
): MergeReport {
  const found = inPieces(searched);
  return {
    kind: 'merge',
    seed,
    parents: ground.parents
      .map(({ candidate, item, workspace, eligible, fitness }) => ({
        candidate,
        item,
        workspace: workspace.digest,
        eligible,
        fitness,
      }))
      .sort((a, b) => byCodeUnit(a.candidate, b.candidate) || byCodeUnit(a.item, b.item)),
    parts: found.parts.map(described),
    evaluations: found.evaluations.map(({ generation, genome, workspace, result }, index) => ({
      number: index + 1,
      generation,
      genome: [...genome],
      workspace: workspace.digest,
      eligible: result.eligible,
      reason: result.reason,
      measurements: result.measurements,
      fitness: result.fitness,
      validation: result.validation?.digest ?? null,
    })),
    budget: { evaluations },
    stopped: found.stopped,
    result: resultOf(ground, found),
  };
}

/** With the pieces of each file of which something merged was tried: a piece is of somebody, a merged file is not. */
function inPieces(searched: Found<MergePart, Evaluated>): Found<MergePart, Evaluated> {
  let found = searched;
  for (const [index, part] of [...searched.parts.entries()].reverse()) {
    const merged = ({ genome }: { genome: Genome }): boolean =>
      part.kind === 'file' && (genome[index] ?? 0) >= part.versions;
    const refinement = searched.evaluations.some(merged) ? refine(part) : undefined;
    if (!refinement) continue;
    const { parts, finer } = refineAt(found.parts, index, refinement);
    found = {
      ...found,
      parts,
      parents: found.parents.map(finer),
      evaluations: found.evaluations.map((one) => ({ ...one, genome: finer(one.genome) })),
    };
  }
  return found;
}

function resultOf({ parents }: Ground, found: Found<MergePart, Evaluated>): MergeReport['result'] {
  const lineageOf = (genome: Genome | undefined): MergeReport['result']['lineage'] =>
    found.parts.map(described).map(({ id, path, variants }, index) => ({
      part: id,
      path,
      from: variants[genome?.[index] ?? 0]?.from ?? [],
    }));
  const tested = `${count(found.evaluations.length, 'combination')} built and tested`;
  const [parent] = parents;
  const best = parent?.eligible && parent.fitness !== null ? parent : undefined;
  const evaluation = found.best === undefined ? undefined : found.evaluations[found.best];
  if (evaluation) {
    const { fitness, measurements, validation } = evaluation.result;
    if (fitness !== null && measurements && validation)
      return {
        candidate: modelD,
        workspace: evaluation.workspace,
        fitness,
        measurements,
        validation,
        improved: true,
        says: best
          ? `Model D has the fitness ${fitness}; the best candidate, ${best.item}, has ${best.fitness}. ${tested}.`
          : `Model D has the fitness ${fitness}; no candidate is eligible. ${tested}.`,
        lineage: lineageOf(evaluation.genome),
      };
  }
  if (!best?.measurements || best.fitness === null || !best.validation)
    throw new HeptadError(
      'Blocked',
      `No candidate is eligible, and no combination of their parts is (${tested}), so there is nothing to deliver.`,
    );
  return {
    candidate: best.candidate,
    workspace: best.workspace,
    fitness: best.fitness,
    measurements: best.measurements,
    validation: best.validation.outcome,
    improved: false,
    says: `No combination is better than the candidate ${best.item}, so Model D is that candidate. ${tested}.`,
    lineage: lineageOf(found.parents[0]),
  };
}
