/** A variant of each part, by index, in the order of the parts. 0 is always what was captured. */
export type Genome = readonly number[];

/** What the search has to know of a part: for each variant, what it is expected to gain. */
export interface SearchPart {
  /**
   * `gain` is an estimate of how much fitness the variant adds to the captured subject, 0 for what was captured. It
   * only guides the search; what is selected is always measured. `trusted`: all that it is made of is in candidates
   * that pass, if not together.
   */
  readonly variants: readonly { readonly gain: number; readonly trusted?: boolean }[];
}

/** A variant of a part, as a key. */
export type Choice = `${number}:${number}`;

export const choice = (part: number, variant: number): Choice => `${part}:${variant}`;

/** What a genome has otherwise than what was captured. */
export const choicesOf = (genome: Genome): Choice[] =>
  genome.flatMap((variant, part) => (variant === 0 ? [] : [choice(part, variant)]));

export const keyOf = (genome: Genome): string => genome.join(',');

/** What a genome is expected to gain. */
export const expected = (parts: readonly SearchPart[], genome: Genome): number =>
  parts.reduce((sum, part, index) => sum + gainOf(part, genome[index] ?? 0), 0);

export const gainOf = ({ variants }: SearchPart, variant: number): number => variants[variant]?.gain ?? 0;

/** A part in finer parts, and for each of its variants the variants of those. */
export interface Refinement<Part> {
  readonly parts: readonly Part[];
  readonly variants: readonly Genome[];
}

/** The parts with one of them refined, and what each genome is in terms of them. */
export function refineAt<Part>(
  parts: readonly Part[],
  index: number,
  { parts: finer, variants }: Refinement<Part>,
): { parts: readonly Part[]; finer: (genome: Genome) => Genome } {
  return {
    parts: parts.toSpliced(index, 1, ...finer),
    finer: (genome) => genome.toSpliced(index, 1, ...(variants[genome[index] ?? 0] ?? [])),
  };
}
