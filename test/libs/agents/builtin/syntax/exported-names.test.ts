import { expect, test } from 'vitest';
import { exportedNames } from '../../../../../libs/agents/builtin/syntax/exported-names.js';
import { placesFor, tiny } from '../../support/places.js';

const names = (files: Record<string, string>, ...entries: string[]): string[] =>
  exportedNames(placesFor(files).workspace, entries);

test('CommonJS by property, by object, by definition, and handed on', () => {
  expect(
    names(
      {
        'a.js':
          "exports.one = 1;\nvar two = exports.two = require('./b');\nmodule.exports.three = () => 3;\n",
        'b.js': 'module.exports = { four, five: 5 };\nfunction four() {}\n',
        'c.js': "module.exports = require('./b');\n",
        'd.js':
          "const api = module.exports = {};\napi.six = 6;\nObject.defineProperty(exports, 'seven', { value: 7 });\n",
        'e.js': 'module.exports = Made;\nfunction Made() {}\nMade.eight = 8;\n',
      },
      'a.js',
      'c.js',
      'd.js',
      'e.js',
    ),
  ).toEqual(['eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two']);
});

test('ES modules by declaration, by list, and handed on', () => {
  expect(
    names(
      {
        'package.json': '{"type":"module"}',
        'a.js':
          "export const one = 1;\nexport default () => 2;\nexport { inner as two };\nconst inner = 2;\nexport * from './b.js';\n",
        'b.js': 'export function three() {}\nexport class Four {}\nconst hidden = 1;\n',
      },
      'a.js',
    ),
  ).toEqual(['Four', 'one', 'three', 'two']);
});

test('the fixture exports what its index says', () => {
  expect(exportedNames(tiny, ['index.js'])).toEqual(['Counter', 'Stack', 'numbers', 'text']);
});

test('names that begin with an underscore, and what is no export, are left out', () => {
  expect(names({ 'a.js': 'exports._inner = 1;\nexports.outer = 2;\nvar other = 3;\n' }, 'a.js')).toEqual([
    'outer',
  ]);
});

test('types are no names that anybody could use at run time', () => {
  expect(
    names(
      {
        'a.js': '/** @typedef {object} Options */\nexports.value = 1;\n',
        'b.ts':
          "export interface Shape {}\nexport type Other = string;\nexport { Inner } from './c';\nexport const two = 2;\n",
        'c.ts': 'export interface Inner {}\n',
      },
      'a.js',
      'b.ts',
    ),
  ).toEqual(['two', 'value']);
});

test('what is handed on from a package that is not installed counts', () => {
  expect(names({ 'a.mjs': "export { one } from 'elsewhere';\n" }, 'a.mjs')).toEqual(['one']);
});
