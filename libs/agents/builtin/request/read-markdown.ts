import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString as plainText } from 'mdast-util-to-string';
import { gfm } from 'micromark-extension-gfm';
import type { UnitOutcome } from './outcomes.js';
import { type Range, splitSentences } from './split-sentences.js';
import { type Section, sectionNames, sections } from './vocabulary.js';

type Root = ReturnType<typeof fromMarkdown>;
type RootContent = Root['children'][number];
type Nodes = Root | RootContent;
type List = Extract<RootContent, { type: 'list' }>;

/** A unit of a request as it was read, before it is decided which section it belongs to. */
export interface Unit extends Omit<UnitOutcome, 'section'> {
  /** The section that a heading, or a label at its beginning, says; null where none does. */
  readonly told: Section | null;
  /** Whether it carries the mark of where it stood in an earlier text. */
  readonly moved: boolean;
  /** Whether a sentence stands before it in the same paragraph. */
  readonly follows: boolean;
  readonly range: Range;
}

/** A request as it was read. */
export interface ReadRequest {
  readonly text: string;
  /** The text, as long as it is, with code, addresses and marks of Markdown replaced. */
  readonly masked: string;
  readonly units: readonly Unit[];
  /** Code and addresses in sentences, and whole code blocks, in order. */
  readonly literals: readonly {
    readonly kind: 'code' | 'url';
    readonly range: Range;
    readonly text: string;
  }[];
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Stands for each character of code or of an address, so that no word is found in it. */
export const hidden = '\ufffc';

/** What a specification says where nothing was said about a section. */
export const nothingSaid = '(nothing is said)';

// Lists in lists beyond this depth are kept as they are.
const deepest = 10;
const originMark = /^\(lines? \d+(?:, \d+)*\)$/;

/** Reads a request as GitHub's Markdown and divides it into sentences, each with its place. */
export function readMarkdown(text: string): ReadRequest {
  return new Reading(text).read();
}

class Reading {
  readonly #text: string;
  readonly #masked: string[];
  readonly #units: Unit[] = [];
  readonly #literals: { kind: 'code' | 'url'; range: Range; text: string }[] = [];
  readonly #lines: number[] = [0];
  #headings: { depth: number; told: Section }[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#masked = Array.from({ length: text.length }, () => ' ');
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#lines.push(at + 1);
      this.#masked[at] = '\n';
    }
  }

  read(): ReadRequest {
    const tree = fromMarkdown(this.#text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
    this.#mask(tree);
    const masked = this.#masked.join('');
    this.#blocks(tree, null, 0, masked);
    return {
      text: this.#text,
      masked,
      units: this.#units,
      literals: this.#literals,
      placeOf: (offset) => this.#placeOf(offset),
    };
  }

  #placeOf(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0) + 1 };
  }

  /** Shows the words of sentences, hides code and addresses, and leaves everything else blank. */
  #mask(node: Nodes): void {
    const [from, to] = rangeOf(node);
    switch (node.type) {
      case 'text':
        for (let at = from; at < to; at += 1) this.#masked[at] = this.#text[at] ?? ' ';
        return;
      case 'inlineCode':
        this.#literals.push({ kind: 'code', range: [from, to], text: node.value });
        this.#hide(from, to);
        return;
      case 'code':
        this.#literals.push({ kind: 'code', range: [from, to], text: node.value });
        return;
      case 'image':
      case 'imageReference':
      case 'footnoteReference':
      case 'html':
        this.#hide(from, to);
        return;
      case 'link':
        this.#literals.push({ kind: 'url', range: [from, to], text: node.url });
        if (plainText(node) === node.url || node.url.endsWith(plainText(node))) this.#hide(from, to);
        else for (const child of node.children) this.#mask(child);
        return;
      // Somebody else's words, and what is no sentence.
      case 'blockquote':
      case 'definition':
      case 'footnoteDefinition':
        return;
      default:
        if ('children' in node) for (const child of node.children) this.#mask(child);
    }
  }

  #hide(from: number, to: number): void {
    for (let at = from; at < to; at += 1) if (this.#text[at] !== '\n') this.#masked[at] = hidden;
  }

  #blocks(
    parent: { readonly children: readonly RootContent[] },
    under: number | null,
    depth: number,
    masked: string,
  ): void {
    // What is shown after a sentence, such as code, belongs to it.
    let last = under;
    for (const node of parent.children) {
      switch (node.type) {
        case 'heading':
          this.#heading(node, masked);
          last = under;
          break;
        case 'paragraph':
          last = this.#paragraph(node, under, masked, null) ?? under;
          break;
        case 'list':
          if (depth < deepest) this.#list(node, this.#introduces(last) ? last : under, depth, masked);
          else this.#whole(node, 'block', last);
          last = under;
          break;
        case 'thematicBreak':
          last = under;
          break;
        default:
          this.#whole(node, wholeKind(node.type), last);
      }
    }
  }

  #list(list: List, under: number | null, depth: number, masked: string): void {
    for (const item of list.children) {
      const [first, ...rest] = item.children;
      if (first?.type !== 'paragraph') {
        this.#blocks(item, under, depth + 1, masked);
        continue;
      }
      const said = this.#paragraph(first, under, masked, item.checked ?? null);
      this.#blocks({ children: rest }, said ?? under, depth + 1, masked);
    }
  }

  /** Whether a sentence introduces the list behind it. */
  #introduces(number: number | null): boolean {
    const unit = number === null ? undefined : this.#units[number - 1];
    return unit?.kind === 'sentence' && /[:：]$/.test(unit.text.replace(/[*_]+$/, ''));
  }

  #heading(node: Extract<RootContent, { type: 'heading' }>, masked: string): void {
    const name = plainText(node).trim().toLowerCase().replace(/:$/, '');
    this.#headings = this.#headings.filter(({ depth }) => depth < node.depth);
    const told = sections.find((section) => sectionNames[section].includes(name));
    if (told) {
      this.#headings.push({ depth: node.depth, told });
      return;
    }
    const [start, end] = [node.children[0], node.children.at(-1)];
    if (!start || !end) return;
    const range: Range = [rangeOf(start)[0], rangeOf(end)[1]];
    const isTitle = this.#units.length === 0 && node.depth === 1;
    if (masked.slice(...range).trim() === '') return;
    this.#add({
      kind: isTitle ? 'title' : 'heading',
      under: null,
      checked: null,
      range,
      text: this.#line(range),
    });
  }

  /** @returns the number of its last sentence; null where it has none */
  #paragraph(
    node: Extract<RootContent, { type: 'paragraph' }>,
    under: number | null,
    masked: string,
    checked: boolean | null,
  ): number | null {
    let children = node.children;
    const final = children.at(-1);
    const mark = final?.type === 'emphasis' ? plainText(final) : '';
    const moved = originMark.test(mark);
    if (moved || (mark === nothingSaid && children.length === 1)) children = children.slice(0, -1);
    const [start, end] = [children[0], children.at(-1)];
    if (!start || !end) return null;
    const [from, to] = [rangeOf(start)[0], rangeOf(end)[1]];
    const within = ([a, b]: Range): Range => [a - from, b - from];
    const found = splitSentences(
      masked.slice(from, to),
      children.filter(({ type }) => type !== 'text').map((child) => within(rangeOf(child))),
      children.flatMap((child) => (child.type === 'break' ? [rangeOf(child)[1] - from] : [])),
    );
    let last: number | null = null;
    for (const [index, [a, b]] of found.entries()) {
      const range = trimmed(this.#text, [from + a, from + b]);
      last = this.#add({
        kind: 'sentence',
        under,
        checked,
        range,
        text: this.#line(range),
        moved,
        follows: index > 0,
      });
    }
    return last;
  }

  #whole(node: RootContent, kind: Unit['kind'], under: number | null): void {
    const range = rangeOf(node);
    const { column } = this.#placeOf(range[0]);
    // What the lists and quotes around it put before each of its lines is theirs.
    const before = new RegExp(`\\n[ \\t>]{0,${column - 1}}`, 'g');
    const text =
      node.type === 'code'
        ? fenced(node.value, node.lang, node.meta)
        : this.#text.slice(...range).replaceAll(before, '\n');
    this.#add({ kind, under, checked: null, range, text });
  }

  #add(unit: {
    kind: Unit['kind'];
    under: number | null;
    checked: boolean | null;
    range: Range;
    text: string;
    moved?: boolean;
    follows?: boolean;
  }): number {
    const number = this.#units.length + 1;
    const label =
      unit.kind === 'sentence'
        ? /^\s*([a-z -]{4,30}?)\s*:/i.exec(this.#masked.slice(...unit.range).join(''))
        : null;
    const named = label?.[1]?.toLowerCase();
    const told =
      this.#headings.at(-1)?.told ??
      (named === undefined ? undefined : sections.find((section) => sectionNames[section].includes(named)));
    this.#units.push({
      moved: false,
      follows: false,
      ...unit,
      number,
      told: told ?? null,
      ...this.#placeOf(unit.range[0]),
    });
    return number;
  }

  /** A sentence on one line: a line end within it is a space, as it is in Markdown. */
  #line([from, to]: Range): string {
    return this.#text
      .slice(from, to)
      .replaceAll(/\\?[ \t]*\n[ \t>]*/g, ' ')
      .trim();
  }
}

function rangeOf({ position }: Nodes): Range {
  return [position?.start.offset ?? 0, position?.end.offset ?? 0];
}

function trimmed(text: string, [from, to]: Range): Range {
  const cut = text.slice(from, to);
  return [from + (cut.length - cut.trimStart().length), to - (cut.length - cut.trimEnd().length)];
}

function wholeKind(type: RootContent['type']): Unit['kind'] {
  if (type === 'code' || type === 'table' || type === 'definition') return type;
  if (type === 'footnoteDefinition') return 'definition';
  return type === 'blockquote' ? 'quote' : 'block';
}

/** Code between fences that it does not hold itself. */
function fenced(value: string, lang: string | null | undefined, meta: string | null | undefined): string {
  const longest = Math.max(2, ...[...value.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const info = [lang ?? '', meta ?? ''].join(' ').trim();
  // Backticks cannot stand in the line that opens such a fence.
  const [open, close] = info.includes('`') ? [tildes(value), tildes(value)] : [fence, fence];
  return `${open}${info}\n${value}\n${close}`;
}

const tildes = (value: string): string =>
  '~'.repeat(Math.max(3, ...[...value.matchAll(/~+/g)].map(([run]) => run.length + 1)));
