import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { analyseInfrastructure } from '../../../../../libs/agents/builtin/infrastructure/analyse-infrastructure.js';
import { infrastructureReportSchema } from '../../../../../libs/contracts/reports/infrastructure.js';
import { placesFor, taskWith, tiny } from '../../support/places.js';

const secretsKey = 'a key of the run, for its hashes';

async function report(
  subject: string | Record<string, string>,
  { command = 'node --test', installed = {} }: { command?: string; installed?: Record<string, string> } = {},
) {
  const { outcome } = await analyseInfrastructure(
    placesFor(subject, installed),
    taskWith({ test: { command }, secretsKey }),
  );
  return infrastructureReportSchema.parse(outcome);
}

const passing = { 'test/a.test.js': "require('node:test').test('works', () => {});\n" };

test('the baseline is a real run of the tests', async () => {
  const { baseline, coverage, environment } = await report(tiny);
  expect(baseline).toMatchObject({ runner: 'node', passed: 12, failed: 0, exitCode: 0 });
  expect(baseline.tests).toContainEqual({ name: 'Counter > adds in a chain', verdict: 'pass' });
  expect(coverage.functions).toBe(100);
  expect(environment).toEqual({
    node: process.version,
    runner: 'node',
    scripts: { test: 'node --test' },
    engines: null,
  });
});

test('tests that fail are part of the baseline, and findings', async () => {
  const { baseline, findings } = await report({
    'test/a.test.js': "require('node:test').test('breaks', () => { throw new Error('no'); });\n",
  });
  expect(baseline).toMatchObject({ passed: 0, failed: 1, exitCode: 1 });
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'failing-test', severity: 'major' }));
});

test('a secret is reported by rule, place and keyed hash, its value nowhere', async () => {
  const secret = ['ghp', '_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('');
  const { secrets, ...rest } = await report({
    ...passing,
    'lib/a.js': `// first\nconst token = "${secret}";\n`,
  });
  expect(secrets).toEqual([
    {
      rule: 'github/GITHUB_TOKEN',
      file: 'lib/a.js',
      line: 2,
      keyedHash: createHmac('sha256', secretsKey).update(secret).digest('hex'),
    },
  ]);
  expect(rest.findings).toContainEqual(expect.objectContaining({ tool: 'secretlint', severity: 'critical' }));
  expect(JSON.stringify({ secrets, rest })).not.toContain(secret);
});

test('licences: declared, as files, and of the installed packages, those within others included', async () => {
  const { licenses, findings } = await report(
    { ...passing, 'package.json': '{"license":"BSD"}', 'LICENCE.md': 'text' },
    {
      installed: {
        'a/package.json': '{"name":"a","version":"1.0.0","license":"MIT"}',
        'a/node_modules/b/package.json': '{"name":"b","version":"2.0.0"}',
        '@scope/c/package.json': '{"name":"@scope/c","version":"3.0.0","licenses":[{"type":"ISC"}]}',
      },
    },
  );
  expect(licenses).toEqual({
    declared: 'BSD',
    valid: false,
    files: ['LICENCE.md'],
    dependencies: [
      { name: '@scope/c', version: '3.0.0', license: 'ISC' },
      { name: 'a', version: '1.0.0', license: 'MIT' },
      { name: 'b', version: '2.0.0', license: null },
    ],
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['dependency-without-licence', 'licence-not-spdx']);
});

test('a package without any licence is told so', async () => {
  const { findings } = await report(passing);
  expect(findings.map(({ rule }) => rule)).toEqual(['no-licence-file', 'no-licence-declared']);
});

test('a command that reports no test is NoTests, with what it said', async () => {
  await expect(report(tiny, { command: 'echo "no such runner" >&2; exit 3' })).rejects.toMatchObject({
    code: 'NoTests',
    message: expect.stringMatching(/ended with 3 .*no such runner/),
  });
});

test('tests that run for ever are over the limit of time, which is named', async () => {
  const places = placesFor(tiny);
  const task = taskWith({ test: { command: 'sleep 600' }, secretsKey, limits: { wallMs: 700 } });
  await expect(analyseInfrastructure(places, task)).rejects.toMatchObject({
    code: 'SandboxLimit',
    message: expect.stringContaining('560 ms'),
  });
});
