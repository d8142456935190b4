import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { runSuite } from '../../../../../libs/agents/builtin/suite/run-suite.js';
import { placesFor, tiny } from '../../support/places.js';

const run = async (places: Places, command: string, wallMs = 30_000) =>
  runSuite(places, { command, wallMs, coverage: false });

/** Verdicts by name. */
const verdicts = async (places: Places, command: string): Promise<Record<string, string>> =>
  Object.fromEntries((await run(places, command)).run.tests.map(({ name, verdict }) => [name, verdict]));

describe('node --test', () => {
  const subject = {
    'test/a.test.js': `
      const { describe, it, test } = require('node:test');
      describe('suite', () => {
        it('passes', () => {});
        it('same', () => {});
        it('skipped', { skip: true }, () => {});
      });
      test('parent', async (t) => { await t.test('child', () => { throw new Error('no'); }); });
    `,
    'test/b.test.js': `
      const { describe, it } = require('node:test');
      describe('suite', () => { it('same', () => {}); });
    `,
    'test/c.test.js': `throw new Error('cannot be loaded');`,
  };

  test('each test is named with its suites and has a verdict, a file that cannot be loaded too', async () => {
    expect(await verdicts(placesFor(subject), 'node --test')).toEqual({
      'suite > passes': 'pass',
      'suite > same': 'pass',
      'suite > same (2)': 'pass',
      'suite > skipped': 'skip',
      parent: 'fail',
      'parent > child': 'fail',
      'test/c.test.js': 'fail',
    });
  });

  test('a reporter that the command names changes nothing', async () => {
    const places = placesFor({ 'test/b.test.js': subject['test/b.test.js'] });
    const expected = { 'suite > same': 'pass' };
    expect(await verdicts(places, 'node --test-reporter tap --test')).toEqual(expected);
    expect(await verdicts(places, 'node --test --test-reporter=dot')).toEqual(expected);
    expect(await verdicts(places, 'node test/b.test.js')).toEqual(expected);
  });
});

test('mocha is made to report by our reporter, given after its own options', async () => {
  const mocha = `#!/usr/bin/env node
    const { EventEmitter } = require('node:events');
    const at = process.argv.lastIndexOf('--reporter');
    const runner = new EventEmitter();
    new (require(process.argv[at + 1]))(runner);
    const suite = { title: 'suite', parent: { title: '' } };
    const test = (title) => ({ title, parent: suite, file: 'test.js' });
    runner.emit('pass', test('one'));
    runner.emit('fail', test('two'), new Error('no'));
    runner.emit('pending', test('three'));
    process.exitCode = process.argv[at - 1] === 'dot' ? 1 : 9;
  `;
  const places = placesFor({ 'index.js': '' }, { '.bin/mocha': mocha });
  const { run: tests } = await run(places, 'mocha --reporter dot');
  expect(tests).toEqual({
    command: 'mocha --reporter dot',
    runner: 'mocha',
    tests: [
      { name: 'suite > one', verdict: 'pass' },
      { name: 'suite > three', verdict: 'skip' },
      { name: 'suite > two', verdict: 'fail' },
    ],
    passed: 1,
    failed: 1,
    skipped: 1,
    exitCode: 1,
  });
});

test('a runner called by its path among the installed packages reports as well', async () => {
  const tape = '#!/bin/sh\nprintf "# title\\nok 1 holds\\n1..1\\n"\n';
  const places = placesFor({ 'index.js': '' }, { '.bin/tape': tape });
  expect(await verdicts(places, './node_modules/.bin/tape')).toEqual({ 'title > holds': 'pass' });
});

test('tape reports over several calls, with noise between', async () => {
  const tape = `#!/bin/sh
    printf "TAP version 13\\n# $1\\nok 1 holds\\nnoise\\nnot ok 2 breaks\\nok 3 later # SKIP\\n\\n1..3\\n"
    exit 1
  `;
  const places = placesFor({ 'index.js': '' }, { '.bin/tape': tape });
  expect(await verdicts(places, 'tape first; echo hello; tape second')).toEqual({
    'first > breaks': 'fail',
    'first > holds': 'pass',
    'first > later': 'skip',
    'second > breaks': 'fail',
    'second > holds': 'pass',
    'second > later': 'skip',
  });
});

test('jasmine-node reports by a helper, suites of the same name included', async () => {
  const jasmine = `#!/usr/bin/env node
    const reporters = [];
    globalThis.jasmine = { getEnv: () => ({ addReporter: (reporter) => reporters.push(reporter) }) };
    require(process.argv.at(-1) + '/heptad-helper.js');
    const spec = (suite, description, passed, skipped) => ({
      description,
      suite: { description: suite, parentSuite: null },
      results: () => ({ passed: () => passed, skipped }),
    });
    for (const reporter of reporters) {
      reporter.reportSpecResults(spec('suite', 'works', true, false));
      reporter.reportSpecResults(spec('suite', 'works', false, false));
    }
  `;
  const places = placesFor({ 'index.js': '' }, { '.bin/jasmine-node': jasmine });
  expect(await verdicts(places, 'jasmine-node spec/')).toEqual({
    'suite > works': 'pass',
    'suite > works (2)': 'fail',
  });
});

test.each(['jest', 'vitest'])('%s reports by its JSON file', async (runner) => {
  const report = {
    testResults: [
      {
        name: 'a.test.js',
        assertionResults: [
          { ancestorTitles: ['suite'], title: 'one', status: 'passed' },
          { ancestorTitles: [], title: 'two', status: 'failed' },
          { ancestorTitles: [], title: 'three', status: 'pending' },
        ],
      },
    ],
  };
  const program = `#!/usr/bin/env node
    const target = process.argv.find((argument) => argument.startsWith('--outputFile=')).slice(13);
    require('node:fs').writeFileSync(target, ${JSON.stringify(JSON.stringify(report))});
  `;
  const places = placesFor({ 'index.js': '' }, { [`.bin/${runner}`]: program });
  const { run: tests } = await run(places, runner);
  expect(tests.runner).toBe(runner);
  expect(tests.tests).toEqual([
    { name: 'suite > one', verdict: 'pass' },
    { name: 'three', verdict: 'skip' },
    { name: 'two', verdict: 'fail' },
  ]);
});

test('a command that prints TAP by itself is understood', async () => {
  const places = placesFor({ 'index.js': '' });
  const { run: tests } = await run(places, 'echo "ok 1 - by hand"');
  expect(tests.runner).toBe('tap');
  expect(tests.tests).toEqual([{ name: 'by hand', verdict: 'pass' }]);
});

test('a command that reports nothing ran no test, whatever its exit code', async () => {
  const { run: tests } = await run(placesFor({ 'index.js': '' }), 'echo all is well');
  expect(tests).toMatchObject({ runner: 'unknown', tests: [], exitCode: 0 });
});

test('the suite works on a copy: what it writes stays out of the subject', async () => {
  const places = placesFor(tiny);
  await run(places, 'echo changed > index.js; echo new > new.json');
  expect(existsSync(join(places.workspace, 'new.json'))).toBe(false);
  expect(await verdicts(places, 'node --test')).toHaveProperty('text > greets', 'pass');
});

test('a suite that does not end is killed, with what it started, and has run no test', async () => {
  const places = placesFor(tiny);
  const { run: tests, command } = await run(places, 'echo "ok 1"; sleep 600 & sleep 600', 300);
  expect(command.outOfTime).toBe(true);
  expect(tests).toMatchObject({ tests: [], exitCode: null });
});

test('coverage counts the library alone, files that were never loaded included', async () => {
  const places = placesFor({
    'lib/used.js': 'exports.used = () => 1;\nexports.unused = () => {\n  return 2;\n};\n',
    'lib/forgotten.js': 'exports.a = 1;\nexports.b = 2;\nexports.c = 3;\nexports.d = 4;\n',
    'test/a.test.js': "require('node:test').test('t', () => { require('../lib/used.js').used(); });",
  });
  const { coverage } = await runSuite(places, { command: 'node --test', wallMs: 30_000, coverage: true });
  expect(coverage.functions).toBeLessThan(100);
  expect(coverage.lines).toBeGreaterThan(0);
  expect(coverage.lines).toBeLessThan(50);
});

test('where nothing was counted coverage is unknown, not zero', async () => {
  const { coverage } = await runSuite(placesFor(tiny), { command: 'true', wallMs: 30_000, coverage: true });
  expect(coverage).toEqual({ lines: null, functions: null, branches: null });
});
