import type { Scope, SourceCode } from 'eslint';
import { functionOf, identifierOf, isFunction, isWithin, type Node, nodesOf, variableOf } from './source.js';

/** Methods of texts that give a text or a number, never the same object twice, and change nothing. */
export const textMethods: ReadonlySet<string> = new Set([
  'charAt',
  'charCodeAt',
  'codePointAt',
  'padEnd',
  'padStart',
  'repeat',
  'substr',
  'substring',
  'toLowerCase',
  'toUpperCase',
  'trim',
  'trimEnd',
  'trimStart',
]);

/** Of those, the ones that give a text. */
const givesText = new Set([...textMethods, 'join', 'toFixed', 'toString']);
for (const name of ['charCodeAt', 'codePointAt']) givesText.delete(name);

/** Methods of texts and arrays that change nothing, and call nothing that they are given. */
const readingMethods = new Set([
  ...textMethods,
  'at',
  'concat',
  'endsWith',
  'includes',
  'indexOf',
  'join',
  'lastIndexOf',
  'slice',
  'split',
  'startsWith',
  'toFixed',
]);

/** Methods that change what they are called on, and nothing else. */
const changingMethods = new Set(['fill', 'pop', 'push', 'reverse', 'shift', 'splice', 'unshift']);

/** Methods that give a new array. */
const makingMethods = new Set(['concat', 'filter', 'map', 'slice', 'split']);

const harmlessGlobals = new Set([
  'Boolean',
  'Number',
  'String',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
]);
const harmlessMembers =
  /^(?:Math\.\w+|Number\.\w+|String\.\w+|Array\.isArray|Object\.(?:keys|values|entries))$/;
const makingMembers = /^(?:Object\.(?:keys|values|entries|getOwnPropertyNames)|Array\.(?:from|of))$/;

/** The name of the method that a node calls on something, such as `push`; null where it calls none by name. */
export function methodOf(node: Node | null | undefined): string | null {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { computed, property } = node.callee;
  return !computed && property.type === 'Identifier' ? property.name : null;
}

const globalMember = (code: SourceCode, node: Node, names: RegExp): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  variableOf(code, node.callee.object as Node) === null &&
  names.test(code.getText(node.callee));

/** Whether a call is of a global function that computes something from its arguments and changes nothing. */
export const isHarmlessGlobal = (code: SourceCode, node: Node): boolean =>
  node.type === 'CallExpression' &&
  (globalMember(code, node, harmlessMembers) ||
    (node.callee.type === 'Identifier' &&
      harmlessGlobals.has(node.callee.name) &&
      variableOf(code, node.callee as Node) === null));

/** Whether an expression certainly gives a text, which nothing can change. */
export function givesTextAlways(code: SourceCode, node: Node): boolean {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string';
    case 'TemplateLiteral':
      return true;
    case 'UnaryExpression':
      return node.operator === 'typeof';
    case 'BinaryExpression':
      return (
        node.operator === '+' &&
        (givesTextAlways(code, node.left as Node) || givesTextAlways(code, node.right as Node))
      );
    case 'ConditionalExpression':
      return givesTextAlways(code, node.consequent as Node) && givesTextAlways(code, node.alternate as Node);
    case 'LogicalExpression':
      return givesTextAlways(code, node.left as Node) && givesTextAlways(code, node.right as Node);
    case 'CallExpression': {
      if (node.callee.type === 'Identifier')
        return node.callee.name === 'String' && variableOf(code, node.callee as Node) === null;
      return givesText.has(methodOf(node) ?? '');
    }
    default:
      return false;
  }
}

/** Whether every value that a variable ever has is a text. */
export function isText(code: SourceCode, variable: Scope.Variable): boolean {
  const writes = variable.references.filter((reference) => reference.isWrite());
  return (
    variable.defs.every(({ type }) => type === 'Variable') &&
    writes.length > 0 &&
    writes.every((write) => {
      const { parent } = identifierOf(write);
      if (parent?.type === 'VariableDeclarator' && parent.id === write.identifier)
        return parent.init != null && givesTextAlways(code, parent.init as Node);
      return (
        parent?.type === 'AssignmentExpression' &&
        parent.left === write.identifier &&
        (parent.operator === '=' || parent.operator === '+=') &&
        givesTextAlways(code, parent.right as Node)
      );
    })
  );
}

/**
 * Whether a variable holds an array or object that was made for it and that nothing else can reach while `within`, a
 * function, runs: it is only read by its members, changed by methods of arrays, or returned at the end.
 */
export function isOwn(code: SourceCode, variable: Scope.Variable, within: Node): boolean {
  const [definition, ...others] = variable.defs;
  const writes = variable.references.filter((reference) => reference.isWrite());
  const [write] = writes;
  if (definition?.type !== 'Variable' || others.length > 0 || writes.length !== 1 || !write?.init)
    return false;
  const declarator = identifierOf(write).parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id !== write.identifier) return false;
  if (declarator.init == null || !isNew(code, declarator.init as Node)) return false;
  const ofFunction = functionOf(declarator);
  return variable.references
    .filter((reference) => reference !== write)
    .every((reference) => {
      const identifier = identifierOf(reference);
      const { parent } = identifier;
      if (parent?.type === 'ReturnStatement') return ofFunction === within;
      if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return isLookedAt(identifier);
      const call = parent.parent;
      if (call?.type !== 'CallExpression' || call.callee !== parent) return true;
      const method = methodOf(call) ?? '';
      return readingMethods.has(method) || changingMethods.has(method);
    });
}

function isNew(code: SourceCode, node: Node): boolean {
  if (node.type === 'ArrayExpression' || node.type === 'ObjectExpression') return true;
  if (node.type !== 'CallExpression') return false;
  return globalMember(code, node, makingMembers) || makingMethods.has(methodOf(node) ?? '');
}

/** Whether an identifier is only compared or asked for its truth or type. */
function isLookedAt(identifier: Node): boolean {
  const { parent } = identifier;
  return (
    (parent?.type === 'UnaryExpression' && (parent.operator === '!' || parent.operator === 'typeof')) ||
    (parent?.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator))
  );
}

/** Whether something is written to, incremented, removed or filled by destructuring. */
export function isTarget(node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node;
    case 'AssignmentPattern':
      return parent.left === node;
    case 'UpdateExpression':
      return true;
    case 'UnaryExpression':
      return parent.operator === 'delete';
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    case 'Property':
      return parent.parent.type === 'ObjectPattern' && parent.value === node;
    default:
      return false;
  }
}

/** How one use of a variable may change the array or object that it holds; null where it cannot. */
export function changeBy(code: SourceCode, reference: Scope.Reference): string | null {
  const identifier = identifierOf(reference);
  const { name } = reference.identifier as { name: string };
  const { parent } = identifier;
  if (parent?.type !== 'MemberExpression' || parent.object !== identifier)
    return isLookedAt(identifier) ? null : `"${name}" is passed on or gets another name`;
  if (isTarget(parent)) return `"${code.getText(parent)}" is written to`;
  const call = parent.parent;
  if (call?.type !== 'CallExpression' || call.callee !== parent) return null;
  return readingMethods.has(methodOf(call) ?? '') ? null : `"${code.getText(parent)}" is called`;
}

/** What a piece of code may do beyond its own variables. */
export interface Effects {
  /** Calls of code that is not a harmless part of the language, be it of this file or not. */
  readonly calls: readonly string[];
  /** Calls of code that may change anything. */
  readonly unknownCalls: readonly string[];
  /** Elements or lengths of objects that are written to and are not the code's own. */
  readonly writes: readonly string[];
}

/** Functions that call one another are followed so far. */
const deepest = 3;

/** The effects of some nodes and of what they call in this file. Getters and conversions are taken to have none. */
export function effectsOf(code: SourceCode, roots: readonly Node[], depth = 0): Effects {
  const calls = new Set<string>();
  const unknownCalls = new Set<string>();
  const writes = new Set<string>();
  const own = (node: Node): boolean => {
    const variable = variableOf(code, node);
    return variable !== null && isOwn(code, variable, functionOf(node));
  };
  for (const node of roots.flatMap((root) => nodesOf(code, root))) {
    if (node.type === 'MemberExpression' && isTarget(node)) {
      const named = !node.computed && node.property.type === 'Identifier' && node.property.name !== 'length';
      if (!named && !own(node.object as Node)) writes.add(code.getText(node));
    }
    if (!callsSomething(node)) continue;
    if (isHarmlessGlobal(code, node)) continue;
    const method = methodOf(node);
    if (method !== null && readingMethods.has(method)) continue;
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      if (changingMethods.has(method ?? '') && own(node.callee.object as Node)) continue;
    }
    const text = shortened(code.getText(node));
    calls.add(text);
    const called =
      depth < deepest && node.type === 'CallExpression' ? calledFunction(code, node.callee as Node) : null;
    const inside = called && effectsOf(code, [called], depth + 1);
    if (inside === null || inside.unknownCalls.length > 0 || inside.writes.length > 0) unknownCalls.add(text);
  }
  return { calls: [...calls], unknownCalls: [...unknownCalls], writes: [...writes] };
}

/** Whether running a node runs other code, now or, where it waits, meanwhile. */
const callsSomething = ({ type }: Node): boolean =>
  type === 'CallExpression' ||
  type === 'NewExpression' ||
  type === 'TaggedTemplateExpression' ||
  type === 'ImportExpression' ||
  type === 'YieldExpression' ||
  type === 'AwaitExpression' ||
  type === 'ForOfStatement' ||
  type === 'SpreadElement' ||
  // The types do not know this one.
  String(type) === 'JSXElement';

/** The one function of this file that a name can stand for. */
function calledFunction(code: SourceCode, callee: Node): Node | null {
  const variable = variableOf(code, callee);
  const [definition, ...others] = variable?.defs ?? [];
  if (!variable || !definition || others.length > 0) return null;
  const writes = variable.references.filter((reference) => reference.isWrite());
  if (definition.type === 'FunctionName') return writes.length === 0 ? (definition.node as Node) : null;
  if (definition.type !== 'Variable' || writes.length !== 1) return null;
  const init = definition.node.init as Node | null;
  return init && isFunction(init) ? init : null;
}

/** References of a variable inside some nodes. */
export const referencesIn = (variable: Scope.Variable, nodes: readonly Node[]): Scope.Reference[] =>
  variable.references.filter((reference) => nodes.some((node) => isWithin(identifierOf(reference), node)));

export const shortened = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length <= 60 ? flat : `${flat.slice(0, 57)}...`;
};
