import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { MergeReport } from '../contracts/reports/merge.js';
import type { Snapshot } from '../contracts/subject.js';
import type { Digest } from '../protocol/digest.js';
import { buildWorkspace } from './build-workspace.js';
import { changedFiles } from './changed-files.js';
import { estimateFrom } from './estimate.js';
import { type Evaluated, evaluate, type MergeRoom } from './evaluate.js';
import type { Genome } from './genome.js';
import { type Ground, type MergeInput, readGround } from './ground.js';
import type { KeptEvaluations } from './kept-evaluations.js';
import { mergeReport } from './merge-report.js';
import { type MergePart, partsOf, refine } from './parts.js';
import { type Bounds, search } from './search.js';

export interface MergeOptions {
  /** Where a later attempt finds what this one tested. Without it everything is tested. */
  readonly kept?: KeptEvaluations;
  /** Called after each generation with the evaluations so far, the most there can be, and what is new. */
  readonly onGeneration?: (evaluations: number, most: number, tested: readonly Digest[]) => Promise<void>;
  /** Milliseconds from any point on; it ends the search by the template's `merge.seconds`. Default: of the process. */
  readonly now?: () => number;
}

/**
 * Crosses the candidates' parts to Model D; see docs/reference/model-d.md. What it gives is never less fit than the best
 * eligible candidate, and is that one where nothing better was found. The time alone can make two merges differ: see
 * {@link repeatMerge}.
 *
 * @throws HeptadError `Blocked` nothing is eligible; `InputInvalid` as {@link readGround} says
 * @throws HeptadError as the sandbox and the artifact store do; the signal's reason where it was aborted
 */
export async function mergeCandidates(
  input: MergeInput,
  room: MergeRoom,
  { now = () => performance.now(), ...options }: MergeOptions = {},
): Promise<MergeReport> {
  const ground = await readGround(room.store, input);
  const started = now();
  const { evaluations, seconds } = ground.template.merge;
  const timeIsOver = () => now() - started >= seconds * 1000;
  return await merge(ground, room, { evaluations, timeIsOver }, options);
}

/**
 * Merges the same candidates again, by the same seed and with as many evaluations as before, however long they take, and
 * tests every combination again. `sameMerge` compares the two.
 *
 * @throws as {@link mergeCandidates}
 */
export async function repeatMerge(
  input: MergeInput,
  room: MergeRoom,
  first: Pick<MergeReport, 'stopped' | 'evaluations'>,
): Promise<MergeReport> {
  const ground = await readGround(room.store, input);
  const timeIsOver = (done: number) => first.stopped === 'time' && done >= first.evaluations.length;
  return await merge(ground, room, { evaluations: ground.template.merge.evaluations, timeIsOver }, {});
}

async function merge(
  ground: Ground,
  room: MergeRoom,
  bounds: Bounds,
  { kept, onGeneration }: Omit<MergeOptions, 'now'>,
): Promise<MergeReport> {
  const { store, signal } = room;
  const { input, captured, parents, template } = ground;
  const before = await readSnapshot(store, captured);
  const workspaces: { item: string; workspace: Snapshot }[] = [];
  for (const { item, workspace } of parents)
    workspaces.push({ item, workspace: await readSnapshot(store, workspace) });
  const files = changedFiles(before, workspaces);
  const validations = new Map(
    parents.flatMap(({ item, validation }) => (validation ? [[item, validation.report] as const] : [])),
  );
  const estimate = estimateFrom(ground.code, validations, files, template.fitness);
  const eligible = new Set(parents.flatMap((parent) => (parent.eligible ? [parent.item] : [])));
  const parts = await partsOf(store, files, eligible, estimate, signal);
  const seed = await store.putJson({ executed: input.executed.digest, judged: input.judged.digest });
  const changed = new Map<Digest, string[]>();
  let tested = 0;
  const found = await search<MergePart, Evaluated>(
    {
      parts,
      parents: parents.map((parent) => ({ ...parent, genome: genomeOf(parts, parent.item) })),
      refine,
      build: async (current, genome) => {
        signal?.throwIfAborted();
        const workspace = await buildWorkspace(store, before, current, genome);
        if (workspace) changed.set(workspace.digest, changedBy(current, genome));
        return workspace;
      },
      evaluate: async (generation) => {
        signal?.throwIfAborted();
        const results = await allOf(
          generation.map((workspace) =>
            evaluate(ground, room, { workspace, changed: changed.get(workspace.digest) ?? [] }, kept),
          ),
        );
        tested += results.length;
        await onGeneration?.(
          tested,
          bounds.evaluations,
          results.flatMap(({ validation }) => validation?.digest ?? []),
        );
        return results;
      },
    },
    bounds,
    xoroshiro128plus(Number.parseInt(seed.digest.slice('sha256:'.length).slice(0, 8), 16) | 0),
  );
  return mergeReport(ground, found, { seed: seed.digest, evaluations: bounds.evaluations });
}

/** The variants that a parent has. */
const genomeOf = (parts: readonly MergePart[], parent: string): Genome =>
  parts.map(({ variants }) =>
    Math.max(
      0,
      variants.findIndex(({ from }) => from.includes(parent)),
    ),
  );

const changedBy = (parts: readonly MergePart[], genome: Genome): string[] => [
  ...new Set(parts.flatMap(({ path }, index) => (genome[index] === 0 ? [] : [path]))),
];

/** All of them have ended before the first failure is thrown: none may go on when the merge has. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
