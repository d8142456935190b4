import { type Document, isMap, isNode, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** A document of a YAML file, and where its parts are. */
export interface YamlText {
  readonly value: unknown;
  /** 1-based line of the nearest part that is written where this path leads. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** What a document that cannot be read says instead. */
export interface YamlProblem {
  readonly line: number;
  readonly reason: string;
}

/**
 * The documents of a YAML file, those that are empty left out. A file with an error is read up to it: what follows an
 * error cannot be trusted to mean what it says.
 */
export function readYaml(text: string): { documents: YamlText[]; problem: YamlProblem | null } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, merge: true, uniqueKeys: true });
  const documents: YamlText[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [error] = document.errors;
    const at = (offset: number | undefined): number => lines.linePos(offset ?? 0).line;
    if (error !== undefined) {
      return { documents, problem: { line: at(error.pos[0]), reason: firstLine(error.message) } };
    }
    const start = document.contents?.range?.[0];
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      // Aliases that stand for far more than is written are refused by throwing.
      const reason = cause instanceof Error ? firstLine(cause.message) : 'It has too many aliases.';
      return { documents, problem: { line: at(start), reason } };
    }
    if (value === null || value === undefined) continue;
    documents.push({
      value,
      lineOf(path) {
        for (let length = path.length; length > 0; length -= 1) {
          const offset = offsetOf(document, path.slice(0, length));
          if (offset !== undefined) return at(offset);
        }
        return at(start);
      },
    });
  }
  return { documents, problem: null };
}

/** Where a part begins: for what a map holds, its key. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const above = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(above)) {
    const key = above.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === last);
    if (isNode(key)) return key.range?.[0];
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

const firstLine = (message: string): string =>
  // What takes the parser's stack is said by its engine, in words of its own.
  /call stack/i.test(message)
    ? 'it is nested too deeply'
    : (message.split('\n')[0] ?? '').replace(/ at line .*$/, '');

/**
 * A value by a schema of its own, without the parts that break it: each of these is reported, and taken as absent.
 *
 * @param report called with the path of what is left out, and why
 * @returns undefined where the value as a whole is not what it should be
 */
export function lenient<T extends z.ZodType>(
  schema: T,
  value: unknown,
  report: (path: readonly PropertyKey[], reason: string) => void,
): z.output<T> | undefined {
  const first = schema.safeParse(value);
  if (first.success) return first.data;
  const keys = new Set<string>();
  for (const { path, message, code, ...issue } of first.error.issues) {
    if (code === 'unrecognized_keys' && 'keys' in issue && path.length === 0) {
      for (const key of z.array(z.string()).parse(issue.keys)) {
        keys.add(key);
        report([key], `"${key}" is not known here`);
      }
      continue;
    }
    if (path.length > 0) keys.add(String(path[0]));
    report(path, path.length > 0 ? `"${path.map(String).join('.')}": ${message}` : message);
  }
  if (keys.size === 0 || typeof value !== 'object' || value === null || Array.isArray(value))
    return undefined;
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
  const second = schema.safeParse(rest);
  return second.success ? second.data : undefined;
}
