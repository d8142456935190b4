import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped, Html, html } from '../../../../libs/packaging/report/html.js';

test('a value is text, wherever it stands', () => {
  expect(html`<p title="${'"><b>'}">${'<i>&</i>'}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;&amp;&lt;/i&gt;</p>',
  );
});

test('markup stays markup, lists are joined, nothing is nothing', () => {
  expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${null}${undefined}${false}</ul>`.text).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('no text can open a tag, close an attribute, or hide what it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const shown = escaped(text);
      expect(shown).not.toMatch(/[<>"']/);
      expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('characters that turn the direction of a line are shown by their code', () => {
  expect(escaped('a\u202eb')).toBe('a\u2039U+202E\u203ab');
});

test('an object that only looks like markup is not taken for it', () => {
  const forged = { text: '<b>' } as unknown as string;
  expect(html`${forged}`.text).not.toContain('<b>');
  expect(new Html('<b>').text).toBe('<b>');
});
