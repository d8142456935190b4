import type { AST, Rule } from 'eslint';
import { placesOf } from '../sites.js';
import { endOf, type Node, startOf } from '../source.js';
import { approved, optionsSchema } from './approved.js';
import { freshNames } from './fresh-names.js';

/**
 * Keeps the length that the condition of a for loop asks for in a variable beside the counter:
 * `for (var i = 0, n = list.length; i < n; i++)`. Only where the judgement finds no way in which it could change.
 */
export const cacheLoopLength: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    messages: { cache: 'The length of "{{name}}" is asked for in every round.' },
    schema: [...optionsSchema],
  },
  create: (context) => ({
    'Program:exit'() {
      const code = context.sourceCode;
      const { file, keys } = approved(context);
      const fresh = freshNames(code);
      const done = new Set<Node>();
      for (const { site, bound } of placesOf({ file, code })) {
        if (!site.safe || !keys.has(site.key) || bound?.loop.type !== 'ForStatement') continue;
        const { loop, lengths, name } = bound;
        // Two lengths of one condition are kept in two rounds: their changes would overlap.
        if (done.has(loop)) continue;
        done.add(loop);
        context.report({
          node: loop,
          messageId: 'cache',
          data: { name },
          fix: (fixer) => {
            const kept = fresh(`${name}Length`);
            const declared = `${kept} = ${name}.length`;
            const { init } = loop;
            const opening = code.getFirstToken(loop, 1);
            const word = /\b(?:let|const)\b/.test(code.getText()) ? 'let' : 'var';
            const insertion = init
              ? fixer.insertTextAfterRange(rangeOf(init as Node), `, ${declared}`)
              : opening && fixer.insertTextAfter(opening, `${word} ${declared}`);
            return [
              ...(insertion ? [insertion] : []),
              ...lengths.map((length) => fixer.replaceText(length, kept)),
            ];
          },
        });
      }
    },
  }),
};

const rangeOf = (node: Node): AST.Range => [startOf(node), endOf(node)];
