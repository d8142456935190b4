import type { Scope, SourceCode } from 'eslint';
import { changeBy, effectsOf, isOwn, isText, referencesIn } from './effects.js';
import {
  above,
  allNodes,
  functionOf,
  identifierOf,
  isLoop,
  isWithin,
  lineOf,
  type Node,
  nodesOf,
  variableOf,
} from './source.js';

/** A loop whose condition asks for the length of something in every round. */
export interface LoopBound {
  readonly loop: Node;
  /** Each `list.length` of the condition, of one variable. */
  readonly lengths: readonly Node[];
  readonly name: string;
  /** Why the length cannot be kept in a variable; none where it can. */
  readonly reasons: readonly string[];
}

/** The loops of a file whose condition reads `NAME.length`, in the order of the text, each with a judgement. */
export function findLoopBounds(code: SourceCode): LoopBound[] {
  const found: LoopBound[] = [];
  for (const loop of allNodes(code)) {
    if (!isLoop(loop) || !('test' in loop) || !loop.test) continue;
    const byName = new Map<string, Node[]>();
    for (const node of nodesOf(code, loop.test as Node)) {
      if (!isLength(node) || node.object.type !== 'Identifier') continue;
      byName.set(node.object.name, [...(byName.get(node.object.name) ?? []), node as Node]);
    }
    for (const [name, lengths] of byName)
      found.push({ loop, lengths, name, reasons: judge(code, loop, lengths, name) });
  }
  return found;
}

const isLength = (node: Node): node is Extract<Node, { type: 'MemberExpression' }> =>
  node.type === 'MemberExpression' &&
  !node.computed &&
  !node.optional &&
  node.property.type === 'Identifier' &&
  node.property.name === 'length';

/** `using` would dispose of what is declared beside it. */
const declares: ReadonlySet<string> = new Set(['var', 'let', 'const']);

function judge(code: SourceCode, loop: Node, lengths: readonly Node[], name: string): string[] {
  if (loop.type !== 'ForStatement')
    return ['It is no for loop, beside whose counter the length could be kept.'];
  const [first] = lengths;
  const reasons: string[] = [];
  if (loop.init && !(loop.init.type === 'VariableDeclaration' && declares.has(loop.init.kind)))
    reasons.push('It begins with something beside which no variable can be declared.');
  if (!first || !isAlwaysRead(first, loop.test as Node))
    reasons.push(`"${name}.length" is read only where what stands before it holds.`);
  const variable = first?.type === 'MemberExpression' ? variableOf(code, first.object as Node) : null;
  if (variable === null) return [...reasons, `"${name}" is no variable of this file.`];
  if (hidesChanges(code, variable, loop))
    reasons.push('Code that is made at run time, a with statement or "arguments" may change the variable.');
  return [...reasons, ...changes(code, loop, variable)];
}

/** How the array or text behind a variable may become another, or another length, while the loop runs. */
function changes(
  code: SourceCode,
  loop: Extract<Node, { type: 'ForStatement' }>,
  variable: Scope.Variable,
): string[] {
  const parts = [loop.test, loop.update, loop.body].filter((part) => part != null) as Node[];
  const within = functionOf(loop);
  const effects = effectsOf(code, parts);
  const inside = referencesIn(variable, parts);
  // What a declaration begins with was assigned before the function of the loop could see it.
  const elsewhere = variable.references.filter(
    (reference) => reference.init !== true && functionOf(identifierOf(reference)) !== within,
  );
  const reasons: string[] = [];
  const written = inside.find((reference) => reference.isWrite());
  if (written)
    reasons.push(`"${variable.name}" is assigned in the loop, in line ${lineOf(identifierOf(written))}.`);
  const [call] = effects.calls;
  if (call !== undefined && elsewhere.some((reference) => reference.isWrite()))
    reasons.push(`"${variable.name}" is assigned in another function, and the loop calls "${call}".`);
  if (isText(code, variable)) return reasons;
  for (const reference of inside.filter((one) => one.isReadOnly())) {
    const change = changeBy(code, reference);
    if (change !== null) reasons.push(`In the loop ${change}.`);
  }
  if (isOwn(code, variable, within)) {
    const change = elsewhere.map((reference) => changeBy(code, reference)).find((one) => one !== null);
    if (change !== undefined && call !== undefined)
      reasons.push(`In another function ${change}, and the loop calls "${call}".`);
    return [...new Set(reasons)];
  }
  for (const unknown of effects.unknownCalls)
    reasons.push(`The loop calls "${unknown}", which may change what "${variable.name}" holds.`);
  for (const target of effects.writes)
    if (!target.startsWith(`${variable.name}[`) && !target.startsWith(`${variable.name}.`))
      reasons.push(`The loop writes to "${target}", which may be the same object as "${variable.name}".`);
  return [...new Set(reasons)];
}

/** Whether a part of a condition is evaluated each time that the condition is. */
function isAlwaysRead(node: Node, test: Node): boolean {
  let below = node;
  for (const one of above(node)) {
    if (below === test) return true;
    const always =
      one.type === 'BinaryExpression' ||
      one.type === 'UnaryExpression' ||
      (one.type === 'LogicalExpression' && one.left === below) ||
      (one.type === 'ConditionalExpression' && one.test === below);
    if (!always) return false;
    below = one;
  }
  return false;
}

const evaluating = new WeakMap<SourceCode, boolean>();

/** Whether a file makes code at run time, or has statements whose names only the run decides. */
function evaluates(code: SourceCode): boolean {
  const known =
    evaluating.get(code) ??
    allNodes(code).some(
      (one) =>
        one.type === 'WithStatement' ||
        (one.type === 'CallExpression' && one.callee.type === 'Identifier' && one.callee.name === 'eval'),
    );
  evaluating.set(code, known);
  return known;
}

/** Whether a variable may change without a reference that says so. */
export function hidesChanges(code: SourceCode, variable: Scope.Variable, node: Node): boolean {
  const parameter = variable.defs.some(({ type }) => type === 'Parameter');
  const passed = variable.scope.variables.find(({ name, defs }) => name === 'arguments' && defs.length === 0);
  const assignable = parameter && (passed?.references.length ?? 0) > 0;
  return evaluates(code) || (assignable && isWithin(node, variable.scope.block as Node));
}
