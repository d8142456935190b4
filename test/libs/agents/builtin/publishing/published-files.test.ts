import { expect, test } from 'vitest';
import { globPattern } from '../../../../../libs/agents/builtin/publishing/glob.js';
import { publishedFiles } from '../../../../../libs/agents/builtin/publishing/published-files.js';
import { placesFor } from '../../support/places.js';

const description = (more: object = {}): string =>
  JSON.stringify({ name: 'subject', version: '1.0.0', ...more });
const published = (files: Record<string, string>): string[] => publishedFiles(placesFor(files).workspace);

test('everything is published but what version control, npm and systems leave behind', () => {
  expect(
    published({
      'package.json': description(),
      'index.js': '',
      'test/a.js': '',
      '.npmrc': 'x',
      '.gitignore': '',
      'lib/.DS_Store': '',
      'a.js.orig': '',
      'package-lock.json': '{}',
      'lib/package-lock.json': '{}',
      '.editorconfig': '',
    }),
  ).toEqual(['.editorconfig', 'index.js', 'lib/package-lock.json', 'package.json', 'test/a.js']);
});

test('an ignore file leaves out, the last line that fits decides, and a folder takes its files along', () => {
  expect(
    published({
      'package.json': description(),
      '.gitignore': '*.js',
      '.npmignore': '# no tests\n/test\n*.log\n!keep.log\nbuild/\n*.sw[a-z]\n',
      'index.js': '',
      'keep.log': '',
      'a.log': '',
      'lib/b.log': '',
      'lib/build': '',
      'build/keep.log': '',
      'test/a.js': '',
      'lib/test/a.js': '',
      'x.swp': '',
      'README.md': '',
    }),
  ).toEqual(['README.md', 'index.js', 'keep.log', 'lib/build', 'lib/test/a.js', 'package.json']);
});

test('an ignore file counts from its own folder', () => {
  expect(
    published({
      'package.json': description(),
      'a.txt': '',
      'lib/.gitignore': '/a.txt\n',
      'lib/a.txt': '',
      'lib/in/a.txt': '',
    }),
  ).toEqual(['a.txt', 'lib/in/a.txt', 'package.json']);
});

test('files names what is published, beside what always is', () => {
  expect(
    published({
      'package.json': description({
        main: './main',
        bin: { subject: 'bin/run.js' },
        files: ['lib', '*.d.ts', '!lib/internal'],
      }),
      '.npmignore': 'lib',
      'main.js': '',
      'bin/run.js': '',
      'bin/other.js': '',
      'lib/a.js': '',
      'lib/internal/b.js': '',
      'index.d.ts': '',
      'in/index.d.ts': '',
      'LICENSE.txt': '',
      'Readme.markdown': '',
      'History.md': '',
    }),
  ).toEqual([
    'LICENSE.txt',
    'Readme.markdown',
    'bin/run.js',
    'index.d.ts',
    'lib/a.js',
    'main.js',
    'package.json',
  ]);
});

test.each([
  [['lib'], ['lib/a.js', 'lib/in/b.js']],
  [['*'], ['.npmignore', 'a.js', 'lib/a.js', 'lib/in/b.js']],
  [['**/*.js'], ['a.js', 'lib/a.js', 'lib/in/b.js']],
  [
    ['lib/*', '!lib/in', 'a.js'],
    ['a.js', 'lib/a.js'],
  ],
  [
    ['!lib', 'lib'],
    ['lib/a.js', 'lib/in/b.js'],
  ],
  [['nothing'], []],
])('files %j takes %j', (list, expected) => {
  const files = { '.npmignore': 'lib', 'a.js': '', 'lib/a.js': '', 'lib/in/b.js': '' };
  const found = published({ ...files, 'package.json': description({ files: list }) });
  expect(found.filter((file) => file !== 'package.json')).toEqual(expected);
});

test.each([
  ['*.js', 'a.js', true],
  ['*.js', 'a/b.js', false],
  ['**/b.js', 'b.js', true],
  ['**/b.js', 'a/c/b.js', true],
  ['a/**', 'a/c/b.js', true],
  ['a/**', 'a', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[!a]b', 'cb', true],
  ['[!a]b', 'ab', false],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'acb', false],
  ['(a)+.js', '(a)+.js', true],
  ['[z-a]', '[z-a]', true],
])('the glob %s of %s is %s', (glob, path, fits) => {
  expect(globPattern(glob).test(path)).toBe(fits);
});
