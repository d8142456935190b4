import type { Linter, Rule, Scope, SourceCode } from 'eslint';
import { sourceTypes } from '../linters/eslint.js';

export type Node = Rule.Node;

/** A file's text, its tree with scopes, and its name in the workspace. */
export interface Source {
  readonly file: string;
  readonly code: SourceCode;
}

/**
 * Reads a file's text as a module or a script, whichever it is.
 *
 * @param type the `type` of its package
 * @returns null where it is neither
 */
export function readSource(linter: Linter, file: string, text: string, type: string): Source | null {
  for (const sourceType of sourceTypes(file, type)) {
    const config: Linter.Config = {
      files: ['**/*'],
      linterOptions: { noInlineConfig: true },
      languageOptions: {
        ecmaVersion: 'latest',
        sourceType,
        parserOptions: { ecmaFeatures: { jsx: file.endsWith('x') } },
      },
    };
    const fatal = linter.verify(text, [config], { filename: file }).some((message) => message.fatal);
    if (!fatal) return { file, code: linter.getSourceCode() };
  }
  return null;
}

/** The children of a node, in the order of the text. */
const childrenOf = (code: SourceCode, node: Node): Node[] =>
  (code.visitorKeys[node.type] ?? [])
    .flatMap((key) => Reflect.get(node, key) as Node | null | (Node | null)[])
    .filter((child) => child !== null && child !== undefined);

/** A node and everything below it, in the order of the text. */
export function nodesOf(code: SourceCode, node: Node): Node[] {
  const found: Node[] = [];
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    for (const child of childrenOf(code, next).reverse()) open.push(child);
  }
  return found;
}

const whole = new WeakMap<SourceCode, readonly Node[]>();

/** Every node of a file, in the order of the text. */
export function allNodes(code: SourceCode): readonly Node[] {
  const known = whole.get(code) ?? nodesOf(code, code.ast as unknown as Node);
  whole.set(code, known);
  return known;
}

/** The nodes above a node, the nearest first. */
export function* above(node: Node): Generator<Node> {
  for (let at: Node | null = node.parent; at; at = at.parent) yield at;
}

/** The nearest function around a node, or the whole file. */
export function functionOf(node: Node): Node {
  let last = node;
  for (const one of above(node)) {
    if (isFunction(one)) return one;
    last = one;
  }
  return last;
}

export const isFunction = ({ type }: Node): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

export const isLoop = ({ type }: Node): boolean =>
  type === 'ForStatement' ||
  type === 'WhileStatement' ||
  type === 'DoWhileStatement' ||
  type === 'ForInStatement' ||
  type === 'ForOfStatement';

/** Whether a node is inside another, or is it. */
export const isWithin = (node: Node, outer: Node): boolean =>
  startOf(node) >= startOf(outer) && endOf(node) <= endOf(outer);

export const startOf = (node: Node): number => node.range?.[0] ?? 0;
export const endOf = (node: Node): number => node.range?.[1] ?? 0;
export const lineOf = (node: Node): number => node.loc?.start.line ?? 1;

/** The identifier of a reference as a node with its parent. */
export const identifierOf = (reference: Scope.Reference): Node => reference.identifier as Node;

const variables = new WeakMap<SourceCode, ReadonlyMap<unknown, Scope.Variable | null>>();

/** The variable that an identifier stands for; null where the file declares none. */
export function variableOf(code: SourceCode, identifier: Node): Scope.Variable | null {
  const known =
    variables.get(code) ??
    new Map(
      code.scopeManager.scopes.flatMap(({ references }) =>
        references.map((reference) => [reference.identifier, reference.resolved] as const),
      ),
    );
  variables.set(code, known);
  const variable = known.get(identifier) ?? null;
  return variable !== null && variable.defs.length > 0 ? variable : null;
}

/** The name by which people know a function: its own, or that of what it is assigned to. */
export function nameOfFunction(code: SourceCode, node: Node): string {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator') return code.getText(parent.id);
  if (parent?.type === 'AssignmentExpression') return code.getText(parent.left);
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition') return code.getText(parent.key);
  return '';
}
