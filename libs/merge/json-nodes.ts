import { isDeepStrictEqual } from 'node:util';

/** A node of a JSON text that at least one version has otherwise. */
export interface JsonNode {
  /** JSON pointer. */
  readonly pointer: string;
  /** The value as JSON; null where there is no such node. */
  readonly base: string | null;
  readonly versions: readonly (string | null)[];
}

export interface JsonNodes {
  readonly nodes: readonly JsonNode[];
  /** The text in which each node has a value; null: it is not there. */
  readonly assemble: (values: readonly (string | null)[]) => string;
}

/**
 * Divides a JSON text into the nodes in which versions of it differ from it. Objects are compared member by member;
 * arrays and everything else are one node.
 *
 * @returns undefined where that would not give each version back byte for byte: one is not JSON, is formatted in another
 *   way than the base or not as `JSON.stringify` does it, or has its members in another order
 */
export function jsonNodes(base: string, versions: readonly string[]): JsonNodes | undefined {
  const format = formatOf(base);
  const parsed = [base, ...versions].map((text) => parse(text, format));
  if (parsed.some((value) => value === undefined)) return undefined;
  const nodes: JsonNode[] = [];
  const tree = treeOf('', parsed, nodes);
  const assemble = (values: readonly (string | null)[]): string => written(assembled(tree, values), format);
  const whole =
    tree.kind !== 'node' &&
    assemble(nodes.map((node) => node.base)) === base &&
    versions.every((text, index) => assemble(nodes.map((node) => node.versions[index] ?? null)) === text);
  return whole ? { nodes, assemble } : undefined;
}

interface Format {
  readonly indent: string;
  readonly end: string;
}

const formatOf = (text: string): Format => ({
  indent: /^[[{]\n([ \t]+)/.exec(text)?.[1] ?? '',
  end: text.endsWith('\n') ? '\n' : '',
});

const written = (value: unknown, { indent, end }: Format): string =>
  JSON.stringify(value, null, indent) + end;

function parse(text: string, format: Format): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return written(value, format) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

type Tree =
  | { readonly kind: 'same'; readonly value: unknown }
  | { readonly kind: 'node'; readonly index: number }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] };

/** @param values of the base, then of each version; undefined where it has none */
function treeOf(pointer: string, values: readonly unknown[], nodes: JsonNode[]): Tree {
  const [base, ...versions] = values;
  if (versions.every((version) => isDeepStrictEqual(version, base))) return { kind: 'same', value: base };
  if (values.every(isObject)) {
    const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
    return {
      kind: 'object',
      members: names.map((name) => [
        name,
        treeOf(
          `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          values.map((value) => (Object.hasOwn(value, name) ? value[name] : undefined)),
          nodes,
        ),
      ]),
    };
  }
  nodes.push({ pointer, base: textOf(base), versions: versions.map(textOf) });
  return { kind: 'node', index: nodes.length - 1 };
}

function assembled(tree: Tree, values: readonly (string | null)[]): unknown {
  switch (tree.kind) {
    case 'same':
      return tree.value;
    case 'node': {
      const text = values[tree.index] ?? null;
      return text === null ? undefined : JSON.parse(text);
    }
    case 'object':
      return Object.fromEntries(tree.members.map(([name, member]) => [name, assembled(member, values)]));
  }
}

const textOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
