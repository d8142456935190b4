import { expect, test } from 'vitest';
import { analyseArchitecture } from '../../../../../libs/agents/builtin/architecture/analyse-architecture.js';
import { architectureReportSchema } from '../../../../../libs/contracts/reports/architecture.js';
import { placesFor, taskWith } from '../../support/places.js';

const subject = {
  'package.json': JSON.stringify({
    name: 'mixed',
    main: './lib',
    module: 'lib/modern.mjs',
    exports: { '.': { import: './lib/modern.mjs', require: './lib/index.js' } },
    bin: { mixed: 'lib/command.js' },
    dependencies: { declared: '1.0.0', absent: '1.0.0' },
  }),
  '.travis.yml': 'language: node_js\n',
  'lib/index.js':
    "const a = require('./a');\nmodule.exports = require('declared') || a;\nrequire('absent');\n",
  'lib/a.js': "exports.b = require('./b');\nrequire('undeclared');\n",
  'lib/b.js': "exports.a = require('./a');\nexports.fs = require('fs');\n",
  'lib/modern.mjs':
    "import { request } from 'node:http';\nimport '../other/c.js';\nexport default request;\n",
  'lib/command.js': "if (process.env.DEBUG) require('child_process').spawn('x');\nrequire('./gone');\n",
  'other/c.js': 'module.exports = 1;\n',
  'test/index.js': "require('../lib');\n",
};
const installed = {
  'declared/package.json': '{"name":"declared","version":"1.0.0"}',
  'declared/index.js': 'module.exports = 1;',
  'undeclared/package.json': '{"name":"undeclared","version":"1.0.0"}',
  'undeclared/index.js': 'module.exports = 1;',
};

async function report(parameters = {}) {
  const { outcome } = await analyseArchitecture(placesFor(subject, installed), taskWith(parameters));
  return architectureReportSchema.parse(outcome);
}

test('components and imports are those of the library, in either module system', async () => {
  const { components, imports } = await report();
  expect(components).toEqual([
    { name: 'lib', files: 5, lines: 17, imports: ['other'] },
    { name: 'other', files: 1, lines: 2, imports: [] },
  ]);
  expect(imports).toEqual([
    { from: 'lib/a.js', to: 'lib/b.js' },
    { from: 'lib/b.js', to: 'lib/a.js' },
    { from: 'lib/index.js', to: 'lib/a.js' },
    { from: 'lib/modern.mjs', to: 'other/c.js' },
  ]);
});

test('cycles, undeclared packages and what cannot be resolved are found', async () => {
  const { cycles, findings } = await report();
  expect(cycles).toEqual([['lib/a.js', 'lib/b.js']]);
  const found = findings.map(({ rule, file }) => `${rule} ${file}`);
  expect(found).toEqual(
    expect.arrayContaining([
      'no-circular lib/a.js',
      'no-undeclared-package lib/a.js',
      'not-to-unresolvable lib/command.js',
      'not-to-unresolvable lib/index.js',
    ]),
  );
});

test('what is imported from outside is named by package, built-in module or as unresolved', async () => {
  const { external } = await report();
  const short = external.map(
    ({ name, kind, declared }) => `${kind} ${name}${declared ? '' : ' (undeclared)'}`,
  );
  expect(short).toEqual([
    'unresolved ./gone (undeclared)',
    'unresolved absent',
    'builtin child_process',
    'package declared',
    'builtin fs',
    'builtin http',
    'package undeclared (undeclared)',
  ]);
});

test('it meets the world where package.json, built-in modules and the environment say', async () => {
  const { integrationPoints } = await report();
  expect(integrationPoints).toEqual([
    { kind: 'binary', file: 'lib/command.js', detail: 'mixed' },
    { kind: 'entry', file: 'lib/index.js', detail: 'exports .' },
    { kind: 'entry', file: 'lib/index.js', detail: 'main' },
    { kind: 'entry', file: 'lib/modern.mjs', detail: 'exports .' },
    { kind: 'entry', file: 'lib/modern.mjs', detail: 'module' },
    { kind: 'environment', file: 'lib/command.js', detail: 'process.env' },
    { kind: 'file-system', file: 'lib/b.js', detail: 'fs' },
    { kind: 'network', file: 'lib/modern.mjs', detail: 'http' },
    { kind: 'process', file: 'lib/command.js', detail: 'child_process' },
  ]);
});

test('configuration is recognised by name', async () => {
  const { configuration } = await report();
  expect(configuration).toEqual([
    { file: '.travis.yml', configures: 'continuous integration' },
    { file: 'package.json', configures: 'package' },
  ]);
});

test('with the narrower scope reads of the environment are not looked for', async () => {
  const { integrationPoints } = await report({ environment: false });
  expect(integrationPoints.filter(({ kind }) => kind === 'environment')).toEqual([]);
});

test('two executions in different places give the same outcome', async () => {
  expect(await report()).toEqual(await report());
});

test('a package without a library is an empty architecture, not an error', async () => {
  const { outcome } = await analyseArchitecture(placesFor({ 'README.md': 'nothing' }), taskWith());
  expect(architectureReportSchema.parse(outcome)).toMatchObject({
    components: [],
    imports: [],
    findings: [],
  });
});
