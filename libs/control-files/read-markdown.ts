import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { ControlProblem } from '../contracts/control-files.js';
import { mostCharacters, mostLines } from './control-item.js';

type Extension = ReturnType<typeof gfm>;
type Root = ReturnType<typeof fromMarkdown>;
export type Block = Root['children'][number];
export type List = Extract<Block, { type: 'list' }>;
export type ListItem = List['children'][number];

/** Marks of lists and quotes, and the blanks between them, at the beginning of a line. Columns. */
const deepest = 60;

/**
 * Only blocks are asked for: what is within a line is kept as it is written. To look for emphasis and links takes time
 * that grows with the square of a line's length.
 */
const blocksAlone: Extension = {
  disable: {
    null: [
      'attention',
      'autolink',
      'characterReference',
      'codeText',
      'emailAutolink',
      'gfmFootnoteCall',
      'gfmPotentialFootnoteCall',
      'htmlText',
      'labelEnd',
      'labelStartImage',
      'labelStartLink',
      'protocolAutolink',
      'strikethrough',
      'wwwAutolink',
    ],
  },
};

/** A control file's blocks, and what is needed to say of each what it is and where. */
export class Markdown {
  readonly blocks: readonly Block[] = [];
  readonly problems: ControlProblem[] = [];
  /** False where nothing of it is read, for the one problem that is named. */
  readonly readable: boolean;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const refusal = refusalOf(text);
    this.readable = refusal === undefined;
    if (refusal) this.problems.push(refusal);
    else
      this.blocks = fromMarkdown(text, {
        extensions: [gfm(), blocksAlone],
        mdastExtensions: [gfmFromMarkdown()],
      }).children;
  }

  /** What a block says, on one line, as it is written. */
  source({ position }: Block): string {
    return this.#text
      .slice(position?.start.offset ?? 0, position?.end.offset ?? 0)
      .replaceAll(/[\t ]*(?:\r\n|\r|\n)[\t >]*/g, ' ')
      .trim();
  }

  at({ position }: Block): { readonly line: number; readonly column: number } {
    return { line: position?.start.line ?? 1, column: position?.start.column ?? 1 };
  }

  problem(block: Block, says: string): void {
    this.problems.push({ ...this.at(block), says });
  }
}

/** Why a text is not read at all: what is larger or deeper takes the parser too long. */
function refusalOf(text: string): ControlProblem | undefined {
  if (text.length > mostCharacters)
    return {
      line: 1,
      column: 1,
      says: `It has ${text.length} characters; ${mostCharacters} are read. Nothing of it is.`,
    };
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > mostLines)
    return {
      line: mostLines + 1,
      column: 1,
      says: `It has ${lines.length} lines; ${mostLines} are read. Nothing of it is.`,
    };
  const deep = lines.findIndex((line) => (/^[\s>*+\-\d.)]*/.exec(line)?.[0].trimEnd().length ?? 0) > deepest);
  return deep < 0
    ? undefined
    : { line: deep + 1, column: 1, says: 'It is nested too deeply. Nothing of the file is read.' };
}
