import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { improve } from './improve.js';

const sentence = fc.constantFrom(
  'Make our README say how to install it.',
  'It must not be longer than 60 lines.',
  'The page must load within 2 seconds.',
  'The page must load within 5 s.',
  'The tool must use the network.',
  'The tool must not use the network, e.g. for updates.',
  'It should be fast, simple etc.',
  'Please write `src/a. B.ts` and see [the docs](https://a.example/x.y). Then stop!',
  'What about images?',
  'Can you add some tests?',
  'A new user can follow it without help.',
  'Goal: write a report.',
  '**Do this. And that.** Not more.',
  'We have TBD things, as discussed.',
  'See it. 1. is a number. - and a dash. # and a hash. > too',
  'A \\* star and a &amp; b, a_b_c and 2 * 3.',
  '[ ] not a task. [a]: not a definition.',
  'It shows:',
  '"Fast" is quoted.',
  'Dies ist ein Satz. これは文です。もう一つ。',
  '- [x] Ticked',
  '*(line 7)*',
  '<b>Bold</b> <!-- a comment --> text.',
  'Footnote[^1] and ![an image](a.png).',
  '***',
);
const block = fc.oneof(
  { weight: 6, arbitrary: fc.array(sentence, { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')) },
  { weight: 2, arbitrary: fc.array(sentence, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n')) },
  {
    weight: 3,
    arbitrary: fc
      .array(sentence, { minLength: 1, maxLength: 4 })
      .map((all) => all.map((one) => `- ${one}`).join('\n')),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(sentence, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((one, at) => `${'  '.repeat(at)}- ${one}`).join('\n')),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(sentence, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((one, at) => `${at + 1}. ${one}\n\n   More.`).join('\n')),
  },
  { weight: 1, arbitrary: sentence.map((one) => `> ${one}\n> ${one}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '```sh\nnpm i\n\n# x\n```',
      '    indented\n    code',
      '~~~\n```\n~~~',
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '[a]: https://a.example',
      '[^1]: A note. Of two.',
      '<div>\nhtml\n</div>',
      '---',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(
          'Context',
          'Requirements',
          'Done when',
          'Open questions',
          'API of the shop',
          'Add tests',
        ),
      )
      .map(([depth, name]) => `${'#'.repeat(depth)} ${name}`),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/\p{Cc}/gu, ' ')) },
);
const request = fc.array(block, { minLength: 1, maxLength: 8 }).map((blocks) => blocks.join('\n\n').trim());

const runs = { numRuns: 60 };
vi.setConfig({ testTimeout: 120_000 });

test('nothing is lost: every unit of the request is in the specification', () => {
  fc.assert(
    fc.property(request, (text) => {
      const { develop: made } = improve(text);
      expect(made.units.kept).toBe(made.units.all);
    }),
    runs,
  );
});

/** Words as a person counts them; headings that become those of the specification are no words of the request. */
function wordsOf(text: string): Map<string, number> {
  const own = text
    .replaceAll(/^#+ (?:Context|Requirements|Done when|Open questions)$/gm, '')
    .replaceAll(/\(lines? [\d, ]+\)/g, '');
  const counts = new Map<string, number>();
  for (const [word] of own.matchAll(/[\p{L}\p{N}]+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

test('nothing is lost: every word of the request is in the specification, as often', () => {
  fc.assert(
    fc.property(request, (text) => {
      const made = wordsOf(improve(text).develop.text);
      // The numbers of ordered lists are their form, not their words.
      for (const [word, count] of wordsOf(text.replaceAll(/^\s*\d+\. /gm, '')))
        expect([word, Math.min(count, made.get(word) ?? 0)]).toEqual([word, count]);
    }),
    runs,
  );
});

test('a delivered specification scores no less than the request, and improving it again no less than once', () => {
  fc.assert(
    fc.property(request, (text) => {
      const once = improve(text);
      expect(once.deliver.deconstruct.after).toBeGreaterThanOrEqual(once.deliver.deconstruct.before);
      expect(once.deliver.diagnose.after).toBeGreaterThanOrEqual(once.deliver.diagnose.before);
      const twice = improve(once.develop.text);
      expect(twice.deliver.deconstruct).toEqual({
        before: once.deliver.deconstruct.after,
        after: once.deliver.deconstruct.after,
      });
      expect(twice.deliver.diagnose.after).toBeGreaterThanOrEqual(once.deliver.diagnose.after);
    }),
    runs,
  );
});

test('the same request gives the same outcomes, and each place is where its text stands', () => {
  fc.assert(
    fc.property(request, (text) => {
      const first = improve(text);
      expect(improve(text)).toEqual(first);
      const lines = text.split('\n');
      for (const { line, column, text: said } of first.diagnose.findings.filter(
        ({ kind }) => kind !== 'open',
      ))
        expect((lines[line - 1] ?? '').slice(column - 1, column - 1 + said.length).toLowerCase()).toBe(
          said.toLowerCase(),
        );
      for (const { line, column, text: verb } of first.deconstruct.parts.filter(
        ({ part }) => part === 'goal verb',
      ))
        expect((lines[line - 1] ?? '').slice(column - 1, column - 1 + verb.length).toLowerCase()).toBe(verb);
    }),
    runs,
  );
});
