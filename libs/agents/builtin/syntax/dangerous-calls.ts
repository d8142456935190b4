import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Kinds of code by which a library can do more than it says. */
export const dangers = ['eval', 'child-process', 'dynamic-require', 'virtual-machine'] as const;
export type Danger = (typeof dangers)[number];

const modules: Readonly<Record<string, Danger>> = {
  child_process: 'child-process',
  cluster: 'child-process',
  vm: 'virtual-machine',
};

/**
 * What of each kind is in a file, counted by its syntax tree: calls of `eval` and `Function`, imports of modules that
 * start programs or run code, and imports of what is only known when it runs.
 */
export function dangerousCalls(folder: string, file: string): Map<Danger, number> {
  const text = readFileSync(join(folder, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false);
  const counts = new Map<Danger, number>();
  const visit = (node: ts.Node): void => {
    const danger = dangerOf(node);
    if (danger !== null) counts.set(danger, (counts.get(danger) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return counts;
}

function dangerOf(node: ts.Node): Danger | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return ofModule(node.moduleSpecifier);
  if (ts.isNewExpression(node)) return nameOf(node.expression) === 'Function' ? 'eval' : null;
  if (!ts.isCallExpression(node)) return null;
  const name = nameOf(node.expression);
  if (name === 'eval' || name === 'Function') return 'eval';
  if (name !== 'require' && node.expression.kind !== ts.SyntaxKind.ImportKeyword) return null;
  const [asked] = node.arguments;
  return asked === undefined || ts.isStringLiteralLike(asked) ? ofModule(asked) : 'dynamic-require';
}

/** `eval` of `eval(…)`, `(0, eval)(…)`, `globalThis.eval(…)`; likewise the others. */
function nameOf(callee: ts.Expression): string | null {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isParenthesizedExpression(callee)) return nameOf(callee.expression);
  if (ts.isBinaryExpression(callee) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return nameOf(callee.right);
  if (ts.isPropertyAccessExpression(callee) && isGlobal(callee.expression)) return callee.name.text;
  return null;
}

const isGlobal = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) && ['globalThis', 'global', 'window', 'self', 'module'].includes(node.text);

const ofModule = (specifier: ts.Expression | undefined): Danger | null =>
  specifier !== undefined && ts.isStringLiteralLike(specifier)
    ? (modules[specifier.text.replace(/^node:/, '')] ?? null)
    : null;
