/** One thing that is wrong with a condition. */
export interface ConditionProblem {
  /** Where it is in the text, in UTF-16 code units from 0. */
  readonly offset: number;
  /** 0 where something is missing at the end. */
  readonly length: number;
  /** A sentence; it counts characters from 1, as editors do. */
  readonly reason: string;
}

/** A problem whose sentence says where it is between `before` and `after`. */
export const problemAt = (
  offset: number,
  length: number,
  before: string,
  after: string = '.',
): ConditionProblem => ({
  offset,
  length,
  reason: `${before} at character ${offset + 1}${after}`,
});

const longest = 40;

/** A piece of a condition in quotes, cut where it is long. */
export const excerpt = (text: string): string =>
  `"${text.length > longest ? `${text.slice(0, longest)}…` : text}"`;
