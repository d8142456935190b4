import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString as textOf } from 'mdast-util-to-string';
import { gfm } from 'micromark-extension-gfm';

export interface Section {
  readonly title: string;
  readonly level: number;
  readonly line: number;
  /** What a link to it ends in, after `#`. */
  readonly anchor: string;
  /** All that stands in it, sections within it included. */
  readonly text: string;
}

/** A Markdown document by its parts. */
export interface Document {
  readonly file: string;
  readonly title: string | null;
  readonly sections: readonly Section[];
  /** Links and images; `url` as it is written. */
  readonly links: readonly { readonly url: string; readonly line: number }[];
  /** Statements such as `Owner: payments team`, word for word. */
  readonly claims: readonly { readonly says: string; readonly value: string; readonly line: number }[];
  /** Names that stand where the document lists services: see docs/reference/threat-assessment.md. */
  readonly listed: readonly { readonly name: string; readonly line: number }[];
  /** Lines that say that something is still to be written. */
  readonly placeholders: readonly { readonly text: string; readonly line: number }[];
  /** All of its text, in lower case. */
  readonly text: string;
}

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];
type Heading = Extract<Node, { type: 'heading' }>;

const claim =
  /^(owner|owners|contact|maintainer|reviewed|last reviewed|next review|approved by|version|status)\s*:\s*(\S.*)$/i;
const placeholder = /\b(?:TODO|TBD|FIXME|to be (?:written|defined|decided))\b/i;
const listing = /\b(?:services?|components?)\b/i;
const serviceName = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/;

/** Blocks within blocks beyond these are not a document that anybody wrote, and take the parser's stack. */
const tooDeep = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){100}/m;

/** Reads a Markdown document (GitHub's flavour). Null where its blocks are nested too deeply; else any text is one. */
export function readDocument(file: string, text: string): Document | null {
  if (tooDeep.test(text)) return null;
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const sections = sectionsOf(root);
  const links: { url: string; line: number }[] = [];
  const claims: { says: string; value: string; line: number }[] = [];
  const listed: { name: string; line: number }[] = [];
  const placeholders: { text: string; line: number }[] = [];
  const note = (said: string, line: number): void => {
    for (const [offset, part] of said.split('\n').entries()) {
      const [, says, value] = claim.exec(part.trim().slice(0, 300)) ?? [];
      if (says !== undefined && value !== undefined)
        claims.push({ says: says.toLowerCase(), value: value.slice(0, 200), line: line + offset });
      if (placeholder.test(part)) placeholders.push({ text: part.trim().slice(0, 200), line: line + offset });
    }
  };
  let heading = '';
  const visit = (node: Node): void => {
    const line = lineOf(node);
    switch (node.type) {
      case 'heading':
        heading = textOf(node);
        break;
      case 'definition':
        links.push({ url: node.url, line });
        break;
      case 'link':
      case 'image':
        links.push({ url: node.url, line });
        break;
      case 'paragraph':
        note(textOf(node), line);
        break;
      case 'table': {
        const [head, ...rows] = node.children;
        const first = head?.children[0];
        const lists = first !== undefined && listing.test(textOf(first));
        for (const row of rows) {
          const cells = row.children.map((cell) => textOf(cell));
          const [name = '', value = ''] = cells;
          if (lists && serviceName.test(name.trim())) listed.push({ name: name.trim(), line: lineOf(row) });
          if (cells.length === 2) note(`${name}: ${value}`, lineOf(row));
          else if (placeholder.test(cells.join(' '))) note(cells.join(' '), lineOf(row));
        }
        break;
      }
      case 'listItem': {
        const start = node.children[0];
        const mark = start?.type === 'paragraph' ? start.children[0] : undefined;
        if (listing.test(heading) && (mark?.type === 'inlineCode' || mark?.type === 'strong')) {
          const name = textOf(mark).trim();
          if (serviceName.test(name)) listed.push({ name, line });
        }
        break;
      }
      default:
        break;
    }
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return {
    file,
    title: sections.find(({ level }) => level === 1)?.title ?? sections[0]?.title ?? null,
    sections,
    links,
    claims,
    listed,
    placeholders,
    text: wordsOf(root).toLowerCase(),
  };
}

/** Its words, also where they are in cells and items that nothing but their place divides. */
function wordsOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(wordsOf).join(' ') : '';
}

const lineOf = (node: Node): number => node.position?.start.line ?? 1;

function sectionsOf(root: Root): Section[] {
  const headings = root.children.flatMap((node, index) => (node.type === 'heading' ? [{ node, index }] : []));
  const seen = new Map<string, number>();
  return headings.map(({ node, index }, order): Section => {
    const next = headings.slice(order + 1).find(({ node: other }) => other.depth <= node.depth);
    const title = textOf(node);
    return {
      title,
      level: node.depth,
      line: lineOf(node),
      anchor: anchorOf(node, seen),
      text: root.children
        .slice(index + 1, next?.index ?? root.children.length)
        .filter((child) => child.type !== 'heading')
        .map(wordsOf)
        .join(' '),
    };
  });
}

/** As GitHub makes them: lower case, hyphens for blanks, a number for those that occur again. */
function anchorOf(heading: Heading, seen: Map<string, number>): string {
  const slug = textOf(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
  const times = seen.get(slug) ?? 0;
  seen.set(slug, times + 1);
  return times === 0 ? slug : `${slug}-${times}`;
}
