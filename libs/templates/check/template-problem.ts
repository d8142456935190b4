/** What is wrong, or worth a look, in the text of a template. */
export interface TemplateProblem {
  /** Where, as a JSON pointer into the template; empty for all of it. What is missing is named too. */
  readonly path: string;
  /** From 1. What is missing has the place of what it is missing in. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** A sentence. */
  readonly reason: string;
}

/** A finding before its place in the text is looked up. */
export interface Finding {
  readonly path: string;
  readonly reason: string;
  /** Where in the text at the path it is, from 0; such as in a condition. */
  readonly offset?: number | undefined;
}
