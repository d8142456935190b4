import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  Scalar,
} from 'yaml';
import { namesOf, pointer } from './pointer.js';

/** A place in a text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the parts of a YAML document stand in its text. */
export class Places {
  constructor(
    private readonly text: string,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  /**
   * The place of what a JSON pointer leads to; of what it is missing in, where it is not there.
   *
   * @param offset where in the text there, from 0
   */
  of(path: string, offset?: number): Place {
    const { node, whole, name } = this.find(path);
    // A field that should not be there is seen by its name.
    if (name && !whole) return this.at(name.range?.[0] ?? 0);
    if (isScalar(node) && whole && offset !== undefined) return this.inside(node, offset);
    return this.at(node?.range?.[0] ?? 0);
  }

  /** The place of the name of a field. */
  ofName(path: string): Place {
    const { name } = this.find(path);
    return name?.range ? this.at(name.range[0]) : this.of(path);
  }

  /** The place of a position in the text. */
  at(position: number): Place {
    const { line, col } = this.lines.linePos(position);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** A JSON pointer to the innermost part that a position of the text lies in. */
  pathAt(position: number): string {
    let path = '';
    let node: unknown = this.document.contents;
    for (;;) {
      const children: [PropertyKey, unknown, number][] = [];
      if (isMap(node))
        for (const { key, value } of node.items)
          children.push([
            isScalar(key) ? String(key.value) : '',
            value,
            (isScalar(key) ? key.range?.[0] : undefined) ?? Number.POSITIVE_INFINITY,
          ]);
      else if (isSeq(node))
        for (const [index, one] of node.items.entries()) children.push([index, one, startOf(one)]);
      const inside = children.findLast(([, , start]) => start <= position);
      if (!inside) return path;
      path = pointer(path, inside[0]);
      node = inside[1];
    }
  }

  private find(path: string): { node: Node | null; whole: boolean; name: Node | null } {
    let node: Node | null = this.document.contents;
    let name: Node | null = null;
    for (const step of namesOf(path)) {
      const at: unknown = isAlias(node) ? node.resolve(this.document) : node;
      let next: unknown;
      if (isMap(at)) {
        // Of a field that is there twice the last one counts.
        const pair = at.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
        if (!pair) return { node, whole: false, name: null };
        name = isScalar(pair.key) ? pair.key : null;
        next = pair.value ?? pair.key;
      } else if (isSeq(at)) {
        next = at.items[Number(step)];
        name = null;
      }
      if (!isNode(next)) return { node, whole: false, name: null };
      node = next;
    }
    return { node, whole: true, name };
  }

  /** A place within a text: exact where it stands on one line, else its line. */
  private inside(scalar: Scalar, offset: number): Place {
    const [start = 0, end = start] = scalar.range ?? [];
    const source = this.text.slice(start, end);
    if (scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL || source.includes('\n'))
      return this.onLine(scalar, start, source, offset);
    if (scalar.type === Scalar.QUOTE_SINGLE || scalar.type === Scalar.QUOTE_DOUBLE)
      return this.at(start + 1 + quotedLength(source.slice(1), scalar.type, offset));
    return this.at(start + offset);
  }

  private onLine(scalar: Scalar, start: number, source: string, offset: number): Place {
    const block = scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL;
    let left = offset;
    let position = start;
    const lines = source.split('\n');
    for (const [index, line] of lines.entries()) {
      const content = line.trim();
      const header = block && index === 0;
      if (!header && content.length > 0 && left <= content.length) {
        return this.at(position + line.indexOf(content));
      }
      if (!header) left -= content.length + 1;
      position += line.length + 1;
    }
    return this.at(start);
  }
}

const isNode = (value: unknown): value is Node =>
  isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);

const startOf = (node: unknown): number =>
  (isNode(node) ? node.range?.[0] : isPair(node) && isNode(node.key) ? node.key.range?.[0] : undefined) ??
  Number.POSITIVE_INFINITY;

/** Characters of a quoted source that stand for the first `offset` characters of its value. */
function quotedLength(source: string, type: 'QUOTE_SINGLE' | 'QUOTE_DOUBLE', offset: number): number {
  const escapes: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
  let at = 0;
  for (let value = 0; value < offset && at < source.length; value++) {
    if (type === 'QUOTE_SINGLE') at += source.startsWith("''", at) ? 2 : 1;
    else at += source[at] === '\\' ? (escapes[source[at + 1] ?? ''] ?? 2) : 1;
  }
  return at;
}
