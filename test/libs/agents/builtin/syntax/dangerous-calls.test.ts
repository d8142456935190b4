import { expect, test } from 'vitest';
import { dangerousCalls } from '../../../../../libs/agents/builtin/syntax/dangerous-calls.js';
import { placesFor } from '../../support/places.js';

const counted = (text: string): object =>
  Object.fromEntries(dangerousCalls(placesFor({ 'a.js': text }).workspace, 'a.js'));

test.each([
  ['eval(text)', { eval: 1 }],
  ['(0, eval)(text); globalThis.eval(text)', { eval: 2 }],
  ['new Function("a", body); Function(body)', { eval: 2 }],
  ["require('child_process').exec(line)", { 'child-process': 1 }],
  ["import { exec } from 'node:child_process'", { 'child-process': 1 }],
  ["const vm = await import('vm')", { 'virtual-machine': 1 }],
  ['require(name); import(name); module.require(name)', { 'dynamic-require': 3 }],
  ["require('./' + name)", { 'dynamic-require': 1 }],
  ["function f() { return () => { eval('1'); } }", { eval: 1 }],
])('%s', (text, expected) => {
  expect(counted(text)).toEqual(expected);
});

test.each([
  "require('fs')",
  'require(`fs`)',
  'evaluate(text)',
  'object.eval(text)',
  'const text = "eval(1)"; // eval(1)',
  'x instanceof Function',
])('%s is none', (text) => {
  expect(counted(text)).toEqual({});
});
