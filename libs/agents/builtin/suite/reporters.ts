/**
 * Reporters that run inside the subject's test process, as source text: they are written beside the suite, because
 * that process sees nothing of ours. Each appends one JSON line per test to a file of its own: the suites' titles and
 * the test's, its verdict, and its file.
 */

/** For mocha 3 and newer, which all pass `runner` and emit these events. */
export const mochaReporter = (reports: string): string => `'use strict';
const fs = require('fs');
const path = require('path');
module.exports = function (runner) {
  const file = path.join(${JSON.stringify(reports)}, 'mocha-' + process.pid + '.jsonl');
  const titles = (test) => (test ? titles(test.parent).concat(test.title || []) : []);
  const record = (test, verdict) =>
    fs.appendFileSync(file, JSON.stringify({ titles: titles(test), verdict, file: test.file || '' }) + '\\n');
  runner.on('pass', (test) => record(test, 'pass'));
  runner.on('fail', (test) => record(test, 'fail'));
  runner.on('pending', (test) => record(test, 'skip'));
};
`;

/**
 * For jasmine-node, as a helper that it loads before the specs. Its own JUnit files would not do: suites of the same
 * name overwrite each other's.
 */
export const jasmineHelper = (reports: string): string => `'use strict';
const fs = require('fs');
const path = require('path');
const file = path.join(${JSON.stringify(reports)}, 'jasmine-' + process.pid + '.jsonl');
const titles = (suite) => (suite ? titles(suite.parentSuite).concat(suite.description || []) : []);
jasmine.getEnv().addReporter({
  log() {},
  reportRunnerStarting() {},
  reportRunnerResults() {},
  reportSpecStarting() {},
  reportSuiteResults() {},
  reportSpecResults(spec) {
    const results = spec.results();
    const verdict = results.skipped ? 'skip' : results.passed() ? 'pass' : 'fail';
    const all = titles(spec.suite).concat(spec.description || []);
    fs.appendFileSync(file, JSON.stringify({ titles: all, verdict, file: '' }) + '\\n');
  },
});
`;

/** For Node's own test runner. Suites are reported by their tests; a file that cannot be run is a failed test. */
export const nodeReporter = (reports: string): string => `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
const target = join(${JSON.stringify(reports)}, 'node-' + process.pid + '.jsonl');
export default async function* report(events) {
  const open = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      const titles = (open.get(data.file) ?? []).slice(0, data.nesting);
      titles[data.nesting] = data.name;
      open.set(data.file, titles);
    } else if ((type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite') {
      const titles = [...(open.get(data.file) ?? []).slice(0, data.nesting), data.name];
      const skipped = data.skip !== undefined || data.todo !== undefined;
      const verdict = skipped ? 'skip' : type === 'test:pass' ? 'pass' : 'fail';
      appendFileSync(target, JSON.stringify({ titles, verdict, file: data.file ?? '' }) + '\\n');
    }
  }
}
`;
