import type { Scope, SourceCode } from 'eslint';
import {
  changeBy,
  type Effects,
  effectsOf,
  isHarmlessGlobal,
  isText,
  methodOf,
  textMethods,
} from './effects.js';
import { hidesChanges } from './loop-bounds.js';
import {
  above,
  allNodes,
  endOf,
  functionOf,
  identifierOf,
  isLoop,
  lineOf,
  type Node,
  nodesOf,
  startOf,
  variableOf,
} from './source.js';

/** A computation that one function does several times, and whose parts are not assigned between. */
export interface RepeatedComputation {
  readonly first: Node;
  /** At least two, the first among them, in the order of the text. */
  readonly places: readonly Node[];
  readonly text: string;
  /** Before which statement the value would be computed; null where there is no such place. */
  readonly before: Node | null;
  /** Why the value cannot be kept in a variable; none where it can. */
  readonly reasons: readonly string[];
}

/** The computations that functions of a file repeat, in the order of the text, each with a judgement. */
export function findRepeatedComputations(code: SourceCode): RepeatedComputation[] {
  const groups = new Map<Node, Map<string, Node[]>>();
  for (const node of allNodes(code)) {
    if (partsOf(code, node) === null) continue;
    const byText = groups.get(functionOf(node)) ?? new Map<string, Node[]>();
    groups.set(functionOf(node), byText);
    const text = code.getText(node);
    byText.set(text, [...(byText.get(text) ?? []), node]);
  }
  return [...groups.values()]
    .flatMap((byText) => [...byText.values()])
    .flatMap((places) => runsOf(code, places))
    .map((places) => judged(code, places))
    .sort((a, b) => startOf(a.first) - startOf(b.first));
}

const firstNode = (code: SourceCode): Node => code.ast as unknown as Node;

/** The variables of a computation that gives a text or a number and changes nothing; null where it is none. */
function partsOf(code: SourceCode, node: Node): Scope.Variable[] | null {
  if (node.type !== 'CallExpression' || node.optional) return null;
  const { callee } = node;
  const names: Node[] = [];
  if (isHarmlessGlobal(code, node)) {
    // Those of Object give another object each time, and chance is another each time.
    if (/^(?:Object\b|Math\.random$)/.test(code.getText(callee))) return null;
  } else if (
    callee.type === 'MemberExpression' &&
    !callee.optional &&
    callee.object.type === 'Identifier' &&
    textMethods.has(methodOf(node) ?? '')
  )
    names.push(callee.object as Node);
  else return null;
  for (const argument of node.arguments) {
    if (argument.type === 'Identifier') names.push(argument as Node);
    else if (argument.type !== 'Literal') return null;
  }
  const variables = names.map((name) => variableOf(code, name));
  const known = variables.filter((variable) => variable !== null);
  return names.length > 0 && known.length === names.length ? known : null;
}

/** Divides equal computations of one function into runs between which no part is assigned. */
function runsOf(code: SourceCode, places: readonly Node[]): Node[][] {
  const runs: Node[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    if (run && first && writesBetween(partsOf(code, place) ?? [], startOf(first), endOf(place)) === 0)
      run.push(place);
    else runs.push([place]);
  }
  return runs.filter((run) => run.length > 1 && sameVariables(code, run));
}

const sameVariables = (code: SourceCode, run: readonly Node[]): boolean => {
  const [first = [], ...others] = run.map((place) => partsOf(code, place) ?? []);
  return others.every((variables) => variables.every((variable, at) => variable === first[at]));
};

const writesBetween = (variables: readonly Scope.Variable[], start: number, end: number): number =>
  variables
    .flatMap(({ references }) => references)
    .filter((reference) => reference.isWrite())
    .map(identifierOf)
    .filter((node) => startOf(node) >= start && endOf(node) <= end).length;

function judged(code: SourceCode, places: readonly Node[]): RepeatedComputation {
  const first = places[0] ?? firstNode(code);
  const last = places.at(-1) ?? first;
  const text = code.getText(first);
  const before = statementBefore(first, places);
  const reasons: string[] = [];
  if (before === null) {
    const says =
      'The first time is not always reached before the others, or is not the first thing that is done.';
    return { first, places, text, before, reasons: [says] };
  }
  const variables = partsOf(code, first) ?? [];
  const inFront = effectsIn(code, before, startOf(before), startOf(first));
  if (inFront.calls.length > 0 || inFront.writes.length > 0)
    reasons.push(`Before it, "${[...inFront.calls, ...inFront.writes][0]}" is done in the same statement.`);
  if (writesBetween(variables, startOf(before), endOf(last)) > 0)
    reasons.push('A part of it is assigned in the statement in which it comes first.');
  const between = effectsIn(code, before.parent ?? firstNode(code), startOf(before), startOf(last));
  for (const variable of variables) {
    const elsewhere = variable.references.some(
      (reference) => reference.isWrite() && functionOf(identifierOf(reference)) !== functionOf(first),
    );
    if (elsewhere && between.calls.length > 0)
      reasons.push(
        `"${variable.name}" is assigned in another function, and "${between.calls[0]}" is called between.`,
      );
    const change = isText(code, variable) ? undefined : changeBetween(code, variable, between, before, last);
    if (change !== undefined)
      reasons.push(`Between, ${change}, which may change what "${variable.name}" holds.`);
    if (hidesChanges(code, variable, first))
      reasons.push('Code that is made at run time, a with statement or "arguments" may change the variable.');
  }
  for (const place of places.slice(1)) {
    const loop = [...above(place)].find((one) => isLoop(one) && startOf(one) >= startOf(before));
    if (loop) reasons.push(`It is repeated in the loop of line ${lineOf(loop)}, where its parts may change.`);
  }
  return { first, places, text, before, reasons: [...new Set(reasons)] };
}

/** What may change the object that a variable holds from a statement on up to a later place; undefined for nothing. */
function changeBetween(
  code: SourceCode,
  variable: Scope.Variable,
  { unknownCalls, writes }: Effects,
  from: Node,
  to: Node,
): string | undefined {
  const [call] = unknownCalls;
  if (call !== undefined) return `"${call}" is called`;
  const [target] = writes;
  if (target !== undefined) return `"${target}" is written to`;
  return variable.references
    .filter((reference) => startOf(identifierOf(reference)) >= startOf(from))
    .filter((reference) => endOf(identifierOf(reference)) <= startOf(to))
    .filter((reference) => identifierOf(reference).parent?.type === 'MemberExpression')
    .map((reference) => changeBy(code, reference) ?? undefined)
    .find((change) => change !== undefined);
}

/** The effects of what stands wholly between two places of the text. */
function effectsIn(code: SourceCode, root: Node, start: number, end: number) {
  const whole = nodesOf(code, root).filter((node) => startOf(node) >= start && endOf(node) <= end);
  const all = new Set<Node | null>(whole);
  const outermost = whole.filter((node) => !all.has(node.parent));
  return effectsOf(code, outermost);
}

/**
 * The statement of the innermost block around all places that has the first of them, where that one is computed
 * whenever the statement is reached; else null.
 */
function statementBefore(first: Node, places: readonly Node[]): Node | null {
  let below = first;
  for (const one of above(first)) {
    if (one.type === 'BlockStatement' || one.type === 'Program') {
      const around = places.every((place) => startOf(place) >= startOf(one) && endOf(place) <= endOf(one));
      return around ? below : null;
    }
    if (!isReached(one, below)) return null;
    below = one;
  }
  return null;
}

/** Whether a part of a node is evaluated whenever the node is. */
function isReached(node: Node, part: Node): boolean {
  switch (node.type) {
    case 'ArrayExpression':
    case 'BinaryExpression':
    case 'CallExpression':
    case 'ExpressionStatement':
    case 'MemberExpression':
    case 'NewExpression':
    case 'ReturnStatement':
    case 'TemplateLiteral':
    case 'ThrowStatement':
    case 'UnaryExpression':
    case 'VariableDeclaration':
    case 'VariableDeclarator':
      return true;
    case 'AssignmentExpression':
      return node.right === part && ['=', '+=', '-=', '*=', '/='].includes(node.operator);
    case 'ConditionalExpression':
    case 'IfStatement':
      return node.test === part;
    case 'LogicalExpression':
      return node.left === part;
    case 'SwitchStatement':
      return node.discriminant === part;
    default:
      return false;
  }
}
