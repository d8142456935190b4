import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { MergeReport } from '../contracts/reports/merge.js';
import type { SnapshotRef } from '../contracts/subject.js';
import {
  choice,
  expected,
  type Genome,
  gainOf,
  keyOf,
  type Refinement,
  refineAt,
  type SearchPart,
} from './genome.js';
import { learn } from './knowledge.js';
import { offspring } from './offspring.js';
import { probes, type Situation, safest } from './probes.js';

/** What testing a genome showed. */
export interface Measured {
  readonly eligible: boolean;
  /** Null where it is not eligible. */
  readonly fitness: number | null;
}

/** What is searched. Everything that it does depends on its arguments alone, never on time. */
export interface Landscape<Part extends SearchPart, Result extends Measured> {
  readonly parts: readonly Part[];
  /** Measured already, the best first. */
  readonly parents: readonly (Measured & { readonly genome: Genome; readonly workspace: SnapshotRef })[];
  /** The workspace that a genome stands for; undefined where there can be none. */
  readonly build: (parts: readonly Part[], genome: Genome) => Promise<SnapshotRef | undefined>;
  /** Tests workspaces side by side. */
  readonly evaluate: (workspaces: readonly SnapshotRef[]) => Promise<readonly Result[]>;
  readonly refine: (part: Part) => Refinement<Part> | undefined;
}

export interface Bounds {
  /** Most evaluations. */
  readonly evaluations: number;
  /** Whether the time is over; asked before each generation. */
  readonly timeIsOver: (evaluations: number) => boolean;
}

/** One built and tested genome. */
export interface Evaluation<Result> {
  readonly generation: number;
  readonly genome: Genome;
  readonly workspace: SnapshotRef;
  readonly result: Result;
}

export interface Found<Part, Result> {
  /** Refined where that was needed; all genomes are in terms of these. */
  readonly parts: readonly Part[];
  readonly parents: readonly Genome[];
  readonly evaluations: readonly Evaluation<Result>[];
  /** The evaluation that is fitter than every parent, by index; undefined where there is none. */
  readonly best: number | undefined;
  readonly stopped: MergeReport['stopped'];
}

/** Genomes that are built and tested side by side. */
export const generationSize = 2;

/** Generations of children without an improvement after which there is taken to be none. */
const patience = 2;

/** The fittest from which children are drawn. */
const elite = 4;

/**
 * Searches for a genome that is fitter than every parent, with few evaluations. It first combines what is known to be
 * safe, then tests groups of the choices from which most is expected, halving those that fail until what is to blame is
 * known, and refines a file that is to blame. When nothing is left to wish for, it crosses the fittest at random.
 *
 * The same landscape, bounds and random numbers give the same result. No workspace is evaluated twice.
 */
export async function search<Part extends SearchPart, Result extends Measured>(
  landscape: Landscape<Part, Result>,
  bounds: Bounds,
  random: RandomGenerator,
): Promise<Found<Part, Result>> {
  const state = new Search(landscape, random);
  const stopped = await state.run(bounds);
  return { ...state.found(), stopped };
}

class Search<Part extends SearchPart, Result extends Measured> {
  readonly #landscape: Landscape<Part, Result>;
  readonly #random: RandomGenerator;
  readonly #refined = new Set<Part>();
  readonly #evaluations: Evaluation<Result>[] = [];
  /** By workspace. */
  readonly #known = new Map<string, Measured>();
  #parts: readonly Part[];
  #parents: Genome[];
  #trials: Tested[];
  #generation = 0;
  /** Generations of children since the last improvement. */
  #barren = 0;

  constructor(landscape: Landscape<Part, Result>, random: RandomGenerator) {
    this.#landscape = landscape;
    this.#random = random;
    this.#parts = landscape.parts;
    this.#parents = landscape.parents.map(({ genome }) => genome);
    const captured = landscape.parts.map(() => 0);
    this.#trials = [
      ...landscape.parents.map(({ genome, eligible, fitness }) => ({ genome, eligible, fitness })),
      { genome: captured, eligible: true, fitness: null },
    ];
    for (const { workspace, eligible, fitness } of landscape.parents)
      this.#known.set(workspace.digest, { eligible, fitness });
  }

  async run({ evaluations: most, timeIsOver }: Bounds): Promise<MergeReport['stopped']> {
    if (this.#parts.length === 0) return 'nothing-to-merge';
    for (;;) {
      const left = most - this.#evaluations.length;
      if (left <= 0) return 'evaluations';
      if (timeIsOver(this.#evaluations.length)) return 'time';
      const generation = await this.#next(left);
      if (generation.length === 0) return 'no-better-neighbour';
      await this.#evaluate(generation);
    }
  }

  found(): Omit<Found<Part, Result>, 'stopped'> {
    const fittest = fittestOf(this.#evaluations.map(({ result }) => result));
    const parent = fittestOf(this.#landscape.parents);
    return {
      parts: this.#parts,
      parents: this.#parents,
      evaluations: this.#evaluations,
      best: fittest && (!parent || fittest.fitness > parent.fitness) ? fittest.index : undefined,
    };
  }

  /** Genomes of workspaces that were not evaluated, as many as a generation has at most. */
  async #next(left: number): Promise<Built[]> {
    const size = Math.min(generationSize, left);
    for (;;) {
      const situation = this.#situation();
      if (this.#refine(situation)) continue;
      const ground = safest(situation);
      // The first, because it most likely passes; and before the end, so that what was learnt is not lost.
      const first = this.#generation === 0 || left <= generationSize;
      const wanted = first ? [ground, ...probes(situation)] : [...probes(situation), ground];
      const untried = wanted.filter((genome) => !situation.tried.has(keyOf(genome)));
      if (untried.length > 0) {
        const built = await this.#build(untried, size);
        if (built.length > 0) return built;
        continue;
      }
      if (this.#barren >= patience) return [];
      this.#barren += 1;
      const children = await this.#build(offspring(situation, this.#fittest(), this.#random), size);
      if (children.length > 0) return children;
    }
  }

  #situation(): Situation {
    const fit = fittestOf(this.#trials);
    const best = (fit && this.#trials[fit.index]?.genome) ?? this.#parts.map(() => 0);
    const hoped = expected(this.#parts, best);
    // One that passes and is less fit than the best, though more was expected of it, holds something that is not worth
    // what was expected: to find out what, it counts as one that fails.
    const disappoints = ({ genome, fitness }: Tested): boolean =>
      fit !== undefined && fitness !== null && fitness < fit.fitness && expected(this.#parts, genome) > hoped;
    const trials = this.#trials.map((trial) => ({
      genome: trial.genome,
      passes: trial.eligible && !disappoints(trial),
    }));
    return {
      parts: this.#parts,
      knowledge: learn(trials, best),
      tried: new Map(trials.map(({ genome, passes }) => [keyOf(genome), passes])),
      best,
    };
  }

  /** Divides the first part that is to blame and from which more was expected than from what is safe. */
  #refine(situation: Situation): boolean {
    const ground = safest(situation);
    for (const [index, part] of this.#parts.entries()) {
      if (this.#refined.has(part)) continue;
      const wanted = [...part.variants.keys()].some(
        (variant) =>
          situation.knowledge.guilty.has(choice(index, variant)) &&
          gainOf(part, variant) > gainOf(part, ground[index] ?? 0),
      );
      if (!wanted) continue;
      this.#refined.add(part);
      const refinement = this.#landscape.refine(part);
      if (!refinement) continue;
      const { parts, finer } = refineAt(this.#parts, index, refinement);
      this.#parts = parts;
      this.#parents = this.#parents.map(finer);
      this.#trials = this.#trials.map((trial) => ({ ...trial, genome: finer(trial.genome) }));
      for (const [at, evaluation] of this.#evaluations.entries())
        this.#evaluations[at] = { ...evaluation, genome: finer(evaluation.genome) };
      return true;
    }
    return false;
  }

  /** Builds genomes until there are `size` new workspaces; of others it is known already how they do. */
  async #build(genomes: readonly Genome[], size: number): Promise<Built[]> {
    const built: Built[] = [];
    for (const genome of genomes) {
      if (built.length >= size) break;
      const workspace = await this.#landscape.build(this.#parts, genome);
      if (built.some((other) => other.workspace.digest === workspace?.digest)) continue;
      const known = workspace ? this.#known.get(workspace.digest) : { eligible: false, fitness: null };
      if (known) this.#trials.push({ ...known, genome });
      else if (workspace) built.push({ genome, workspace });
    }
    return built;
  }

  async #evaluate(generation: readonly Built[]): Promise<void> {
    this.#generation += 1;
    const before = fittestOf(this.#trials)?.fitness ?? Number.NEGATIVE_INFINITY;
    const results = await this.#landscape.evaluate(generation.map(({ workspace }) => workspace));
    for (const [index, { genome, workspace }] of generation.entries()) {
      const result = results[index];
      if (!result) throw new RangeError('There are fewer results than workspaces.');
      this.#evaluations.push({ generation: this.#generation, genome, workspace, result });
      const measured = { eligible: result.eligible, fitness: result.fitness };
      this.#known.set(workspace.digest, measured);
      this.#trials.push({ ...measured, genome });
    }
    if ((fittestOf(this.#trials)?.fitness ?? Number.NEGATIVE_INFINITY) > before) this.#barren = 0;
  }

  #fittest(): Genome[] {
    const fit = this.#trials
      .filter(({ eligible, fitness }) => eligible && fitness !== null)
      .sort((a, b) => (b.fitness ?? 0) - (a.fitness ?? 0));
    return [...new Map(fit.map(({ genome }) => [keyOf(genome), genome])).values()].slice(0, elite);
  }
}

interface Built {
  readonly genome: Genome;
  readonly workspace: SnapshotRef;
}

/** A genome of which it is known how it does. What was captured has no fitness, but passes. */
interface Tested extends Measured {
  readonly genome: Genome;
}

/** The first of those with the highest fitness. */
function fittestOf(all: readonly Measured[]): { index: number; fitness: number } | undefined {
  let fittest: { index: number; fitness: number } | undefined;
  for (const [index, { eligible, fitness }] of all.entries())
    if (eligible && fitness !== null && (!fittest || fitness > fittest.fitness)) fittest = { index, fitness };
  return fittest;
}
