import type { SourceCode } from 'eslint';
import { above, allNodes, isFunction, isLoop, type Node, variableOf } from './source.js';

/** Something that a loop makes anew in every round. */
export interface BuiltInLoop {
  readonly node: Node;
  readonly what: 'regular-expression' | 'module';
}

/** Regular expressions that are built by `RegExp`, and modules that are required, in a loop of the same function. */
export function findBuiltInLoops(code: SourceCode): BuiltInLoop[] {
  return allNodes(code).flatMap((node): BuiltInLoop[] => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
    const { callee } = node;
    if (callee.type !== 'Identifier' || variableOf(code, callee as Node) !== null || !isInLoop(node))
      return [];
    if (callee.name === 'RegExp') return [{ node, what: 'regular-expression' }];
    return callee.name === 'require' && node.type === 'CallExpression' ? [{ node, what: 'module' }] : [];
  });
}

/** Whether a node is done in every round of a loop, and not only once before the rounds. */
function isInLoop(node: Node): boolean {
  let below = node;
  for (const one of above(node)) {
    if (isFunction(one)) return false;
    if (isLoop(one)) {
      const once =
        (one.type === 'ForStatement' && one.init === below) || ('right' in one && one.right === below);
      if (!once) return true;
    }
    below = one;
  }
  return false;
}
