import { expect, test } from 'vitest';
import { assureEndToEnd } from '../../../../../libs/agents/builtin/assurance-end-to-end/assure-end-to-end.js';
import { endToEndReportSchema } from '../../../../../libs/contracts/reports/assurance.js';
import { placesFor, taskWith, tiny, writeFiles } from '../../support/places.js';

async function assured(
  files: string | Record<string, string>,
  changes: Record<string, string> = {},
  {
    nodeModules = {},
    ...parameters
  }: Record<string, unknown> & { nodeModules?: Record<string, string> } = {},
) {
  const places = placesFor(files, nodeModules);
  writeFiles(places.workspace, changes);
  const { outcome } = await assureEndToEnd(places, taskWith(parameters));
  return endToEndReportSchema.parse(outcome);
}

const description = (more: object): string =>
  JSON.stringify({ name: '@some/subject', version: '1.0.0', ...more });

test('a subject that has not changed loads as before', async () => {
  const { entries, passed, packed } = await assured(tiny);
  expect(entries).toEqual([
    {
      specifier: 'tiny',
      loadedBefore: true,
      loads: true,
      reason: null,
      names: expect.any(Number),
      removed: [],
      changed: [],
      added: [],
    },
  ]);
  expect(passed).toBe(true);
  expect(packed.files).toBe(9);
});

test('names that are gone, new, or take other arguments are found, methods of classes included', async () => {
  const { entries, broken, passed } = await assured(
    {
      'package.json': description({}),
      'index.js':
        'exports.gone = 1;\nexports.called = (a, b) => a;\nexports.Made = function () {};\nexports.Made.prototype.push = function (a) {};\n',
    },
    {
      'index.js':
        'exports.called = (a) => a;\nexports.fresh = null;\nexports.Made = () => {};\nexports.kept = 1;\n',
    },
  );
  expect(entries[0]).toMatchObject({
    removed: ['Made#push', 'gone'],
    changed: ['called: function/2, now function/1'],
    added: ['fresh', 'kept'],
  });
  expect({ broken, passed }).toEqual({ broken: 3, passed: false });
});

test('a file that is not published is missing where the package is installed', async () => {
  const { entries, passed } = await assured(
    { 'package.json': description({}), 'index.js': "require('./lib/part');\n", 'lib/part.js': '' },
    { 'package.json': description({ files: ['index.js'] }) },
  );
  expect(entries).toMatchObject([
    { loadedBefore: true, loads: false, reason: expect.stringMatching(/^MODULE_NOT_FOUND: .*lib\/part/) },
  ]);
  expect(entries[0]?.reason).not.toContain('/tmp');
  expect(passed).toBe(false);
});

test('what it depends on is there, and what it has for development is not', async () => {
  const nodeModules = {
    'used/index.js': "module.exports = require('deep');\n",
    'deep/index.js': 'exports.deep = 1;\n',
    '@tools/dev/index.js': '',
  };
  const files = {
    'package.json': description({ dependencies: { used: '1' }, devDependencies: { '@tools/dev': '1' } }),
    'index.js': "module.exports = require('used');\n",
  };
  expect(await assured(files, {}, { nodeModules })).toMatchObject({ passed: true, entries: [{ names: 2 }] });
  const { entries } = await assured(files, { 'index.js': "require('@tools/dev');\n" }, { nodeModules });
  expect(entries).toMatchObject([{ loads: false, reason: expect.stringContaining('@tools/dev') }]);
});

test('every entry of exports is loaded, in either module system, or the main one alone', async () => {
  const files = {
    'package.json': description({
      type: 'module',
      exports: { '.': './index.js', './part': { import: './part.js' }, './no/*': './no/*.js' },
    }),
    'index.js': 'export const one = 1;\nexport default function (a) {}\n',
    'part.js': 'await null;\nexport const two = 2;\n',
  };
  const { entries } = await assured(files);
  expect(entries).toMatchObject([
    { specifier: '@some/subject', loads: true },
    { specifier: '@some/subject/part', loads: true },
  ]);
  expect((await assured(files, {}, { narrow: true })).entries).toHaveLength(1);
});

test('a module that ends its process has not loaded, and is not held against the change where it was so before', async () => {
  const files = { 'package.json': description({}), 'index.js': 'process.exit(3);\n' };
  expect(await assured(files)).toMatchObject({
    passed: true,
    entries: [{ loadedBefore: false, loads: false, reason: 'The process ended with 3.' }],
  });
});

test('a binary has to parse', async () => {
  const files = {
    'package.json': description({ bin: { run: 'run' } }),
    run: '#!/usr/bin/env node\nlet a = 1;\n',
  };
  expect((await assured(files)).binaries).toEqual([{ name: 'run', file: 'run', parses: true }]);
  expect(await assured(files, { run: '#!/usr/bin/env node\nlet = = 1;\n' })).toMatchObject({
    broken: 1,
    binaries: [{ parses: false }],
  });
  expect((await assured(files, { run: '#!/bin/sh\nif true; then :; fi\n' })).passed).toBe(true);
});

test('a name or a dependency that leads elsewhere leads nowhere', async () => {
  const files = {
    'package.json': JSON.stringify({ name: '../../outside', dependencies: { '../../before': '1' } }),
    'index.js': 'exports.one = 1;\n',
  };
  expect((await assured(files)).entries).toMatchObject([{ specifier: 'subject', loads: true }]);
});

test('without a package.json there is nothing to install', async () => {
  await expect(assured({ 'index.js': '' })).rejects.toMatchObject({ code: 'SubjectInvalid' });
});
