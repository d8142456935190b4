import type { ControlProblem } from '../contracts/control-files.js';
import type { Priority } from '../protocol/priorities.js';

/** Characters of a control file that are read; a longer one is not read at all. */
export const mostCharacters = 50_000;
/** The same of lines, which a parser of Markdown remembers one by one. */
export const mostLines = 2000;
/** Steps or items of a file. */
export const mostItems = 200;
/** Characters of what a step or an item says, and of each of its values. */
export const mostText = 400;

/** A step of a procedure, or an item of a backlog. */
export interface ControlItem {
  /** From 1, in the order of the file. */
  readonly number: number;
  readonly line: number;
  readonly column: number;
  /** What is to be done, on one line, as Markdown. */
  readonly text: string;
  /** How it is checked that it is done; null where nothing is said. */
  readonly done: string | null;
  /** The same as a command that must end with 0. */
  readonly check: string | null;
  /** The command that does it. */
  readonly command: string | null;
  /** Numbers of those that must be done before. */
  readonly after: readonly number[];
  readonly priority: Priority;
  readonly tags: readonly string[];
  /** Whether it is still to be done. */
  readonly open: boolean;
}

/** A control file as it was read, with what is wrong with it. */
export interface ReadControlFile {
  readonly items: readonly ControlItem[];
  readonly problems: readonly ControlProblem[];
}
