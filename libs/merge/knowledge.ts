import { type Choice, choicesOf, type Genome } from './genome.js';

/** What is known of a genome: whether it passes. */
export interface Trial {
  readonly genome: Genome;
  readonly passes: boolean;
}

/** What follows from the trials so far. */
export interface Knowledge {
  /** Choices of genomes that passed. */
  readonly safe: ReadonlySet<Choice>;
  /** Choices that alone are left to explain a failure. */
  readonly guilty: ReadonlySet<Choice>;
  /** Sets of choices, none of them safe: in each is at least one that fails. None holds another, or a guilty one. */
  readonly suspects: readonly (readonly Choice[])[];
}

/**
 * Concludes which choices are safe and which are to blame. A genome that passes clears its choices; one that fails
 * blames those of its choices that no other has cleared, and where a single one is left, that one. Where each had been
 * cleared by itself, they do not get on with each other: then those are blamed that the best genome does without.
 *
 * @param best the best genome that passes; what was captured passes, so there is always one
 */
export function learn(trials: readonly Trial[], best: Genome): Knowledge {
  const kept = new Set(choicesOf(best));
  const cleared = new Set([
    ...kept,
    ...trials.filter(({ passes }) => passes).flatMap(({ genome }) => choicesOf(genome)),
  ]);
  const contested = new Set<Choice>();
  const blamed: Choice[][] = [];
  for (const { genome, passes } of trials) {
    if (passes) continue;
    const own = choicesOf(genome);
    const unknown = own.filter((one) => !cleared.has(one));
    const suspects = unknown.length > 0 ? unknown : own.filter((one) => !kept.has(one));
    if (unknown.length === 0) for (const one of suspects) contested.add(one);
    if (suspects.length > 0) blamed.push(suspects);
  }
  const guilty = new Set(blamed.flatMap((set) => (set.length === 1 ? set : [])));
  return {
    safe: new Set([...cleared].filter((one) => !contested.has(one))),
    guilty,
    suspects: smallest(blamed.filter((set) => !set.some((one) => guilty.has(one)))),
  };
}

/** The sets that hold no other: where a part of a set fails, the set had to. */
function smallest(sets: readonly Choice[][]): Choice[][] {
  const kept: Choice[][] = [];
  for (const set of sets.toSorted((a, b) => a.length - b.length)) {
    const members = new Set(set);
    if (!kept.some((other) => other.every((one) => members.has(one)))) kept.push(set);
  }
  return kept;
}
