import { expect, test } from 'vitest';
import { assureDocumentation } from '../../../../../libs/agents/builtin/assurance-docs/assure-documentation.js';
import { documentationReportSchema } from '../../../../../libs/contracts/reports/assurance.js';
import { placesFor, taskWith, tiny, writeFiles } from '../../support/places.js';

const complete = {
  'package.json': '{"name":"subject","version":"1.2.0","main":"index.js"}',
  'index.js': 'exports.render = () => 1;\nexports.compile = () => 2;\n',
  'README.md': `# subject

\`render\` and [compile](docs/compile.md), as [elsewhere](https://example.org/x), [above](#subject), [issues](../../issues).

\`\`\`js
const { render } = require('subject');
await render();
\`\`\`
`,
  'docs/compile.md': '[back](../README.md#subject) ![](/index.js)\n',
  'CHANGELOG.md': '## v1.2.0\n\n## 1.1.0\n',
};

async function assured(
  files: string | Record<string, string>,
  changes: Record<string, string> = {},
  parameters: Record<string, unknown> = {},
) {
  const places = placesFor(files);
  writeFiles(places.workspace, changes);
  const { outcome } = await assureDocumentation(places, taskWith(parameters));
  return documentationReportSchema.parse(outcome);
}

test('documentation that mentions every export, with a changelog, examples and links, lacks nothing', async () => {
  expect(await assured(complete)).toEqual({
    kind: 'assurance-documentation',
    readme: 'README.md',
    guides: ['docs/compile.md'],
    changelog: 'CHANGELOG.md',
    exported: 2,
    documented: 2,
    examples: 1,
    links: 4,
    gaps: [],
    incomplete: 0,
    introduced: 0,
  });
});

test('every gap is named, and only those of the change are new', async () => {
  const { gaps, incomplete, introduced } = await assured(
    {
      ...complete,
      'index.js': 'exports.renders = 1;\n',
      'CHANGELOG.md': '## 1.2.0-beta\n## 11.2.0\n## 1.2.0.1\n',
    },
    {
      'index.js': 'exports.renders = 1;\nexports.parse = 2;\n',
      'docs/compile.md':
        '[gone](nowhere.md) [gone](./no%20where.md)\n\n```typescript\nconst x: = 1;\n```\n```sh\nif (\n```\n',
    },
  );
  expect(gaps.map(({ gap, file, detail }) => [gap, file, detail])).toEqual([
    ['undocumented-export', 'README.md', 'parse'],
    ['undocumented-export', 'README.md', 'renders'],
    ['no-changelog-entry', 'CHANGELOG.md', '1.2.0'],
    ['broken-example', 'docs/compile.md', expect.stringMatching(/^const x: = 1; \(1: /)],
    ['broken-link', 'docs/compile.md', 'nowhere.md'],
    ['broken-link', 'docs/compile.md', './no%20where.md'],
  ]);
  // README, changelog and the guide.
  expect({ incomplete, introduced }).toEqual({ incomplete: 3, introduced: 4 });
});

test('without guides a name that only a guide mentions is a gap', async () => {
  const files = { ...complete, 'README.md': '`render`', 'docs/compile.md': '`compile`' };
  expect((await assured(files)).incomplete).toBe(0);
  expect((await assured(files, {}, { guides: false })).gaps).toMatchObject([{ detail: 'compile' }]);
  expect((await assured(files, {}, { narrow: true })).guides).toEqual([]);
});

test('the fixture has neither changelog nor its exports in the README', async () => {
  const { gaps, readme } = await assured(tiny);
  expect(readme).toBe('README.md');
  expect(gaps.map(({ gap, detail }) => `${gap} ${detail}`.trim())).toEqual([
    'undocumented-export Counter',
    'undocumented-export Stack',
    'undocumented-export numbers',
    'undocumented-export text',
    'no-changelog',
  ]);
});

test('a package without a page lacks all of them', async () => {
  const { gaps } = await assured({ 'package.json': '{}' });
  expect(gaps.map(({ gap }) => gap)).toEqual(['no-readme', 'no-changelog']);
});

test('a name that is only part of a word is not mentioned', async () => {
  const files = { ...complete, 'index.js': 'exports.comp = 1;\nexports.ender = 2;\nexports.render = 3;\n' };
  expect((await assured(files)).gaps.map(({ detail }) => detail)).toEqual(['comp', 'ender']);
});

test('a declaration that exports names is no entry point', async () => {
  const files = {
    ...complete,
    'package.json': JSON.stringify({
      version: '1.2.0',
      exports: { types: './index.d.ts', default: './index.js' },
    }),
    'index.d.ts': 'export class Only {}\n',
  };
  expect((await assured(files)).gaps).toEqual([]);
});
