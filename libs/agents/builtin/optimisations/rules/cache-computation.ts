import type { Rule } from 'eslint';
import { placesOf } from '../sites.js';
import type { Node } from '../source.js';
import { approved, optionsSchema } from './approved.js';
import { freshNames } from './fresh-names.js';

/**
 * Keeps what a function computes several times, such as `name.trim()`, in a variable before the first statement that
 * needs it. Only where the judgement finds no way in which it could give something else later.
 */
export const cacheComputation: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    messages: { cache: '"{{text}}" is computed {{count}} times.' },
    schema: [...optionsSchema],
  },
  create: (context) => ({
    'Program:exit'() {
      const code = context.sourceCode;
      const { file, keys } = approved(context);
      const fresh = freshNames(code);
      for (const { site, repeated } of placesOf({ file, code })) {
        if (!site.safe || !keys.has(site.key) || !repeated?.before) continue;
        const { first, places, text, before } = repeated;
        context.report({
          node: first,
          messageId: 'cache',
          data: { text, count: String(places.length) },
          fix: (fixer) => {
            const kept = fresh(nameOf(first));
            const word = /\b(?:let|const)\b/.test(code.getText()) ? 'const' : 'var';
            const indent = ' '.repeat(before.loc?.start.column ?? 0);
            return [
              fixer.insertTextBefore(before, `${word} ${kept} = ${text};\n${indent}`),
              ...places.map((place) => fixer.replaceText(place, kept)),
            ];
          },
        });
      }
    },
  }),
};

/** `name.trim()` is kept as `nameTrim`, `Math.max(a, b)` as `mathMax`. */
function nameOf(node: Node): string {
  if (node.type !== 'CallExpression') return 'kept';
  const { callee } = node;
  if (callee.type === 'Identifier')
    return `${callee.name.charAt(0).toLowerCase()}${callee.name.slice(1)}Value`;
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return 'kept';
  const method = callee.property.type === 'Identifier' ? callee.property.name : '';
  const owner = `${callee.object.name.charAt(0).toLowerCase()}${callee.object.name.slice(1)}`;
  return `${owner}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
