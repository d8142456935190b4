import { expect, test } from 'vitest';
import { analyseCode } from '../../../../../libs/agents/builtin/code/analyse-code.js';
import { codeReportSchema } from '../../../../../libs/contracts/reports/code.js';
import { placesFor, taskWith, tiny } from '../../support/places.js';

async function report(subject: string | Record<string, string>, parameters = {}) {
  const { outcome } = await analyseCode(placesFor(subject), taskWith(parameters));
  return codeReportSchema.parse(outcome);
}

test('the findings of both linters are counted by rule and by file', async () => {
  const { findings, byRule, byFile, totals } = await report(tiny);
  expect(new Set(findings.map(({ tool }) => tool))).toEqual(new Set(['biome', 'oxlint']));
  expect(findings).toContainEqual(
    expect.objectContaining({
      tool: 'biome',
      rule: 'lint/suspicious/noDoubleEquals',
      file: 'lib/numbers.js',
      line: 20,
    }),
  );
  const sum = (counts: readonly { count: number }[]): number =>
    counts.reduce((total, { count }) => total + count, 0);
  expect(sum(byRule)).toBe(findings.length);
  expect(sum(byFile)).toBe(findings.length);
  expect(totals.all).toBe(findings.length);
  expect(totals.style + totals.correctness + totals.debt).toBe(totals.all);
});

test('every function is counted, and its complexity measured', async () => {
  const branches = Array.from({ length: 12 }, (_, index) => `  if (x === ${index}) return ${index};`).join(
    '\n',
  );
  const { files, findings, totals } = await report({
    'a.js': `exports.plain = () => 1;\nexports.many = function many(x) {\n${branches}\n  return x;\n};\n`,
  });
  expect(files).toEqual([{ file: 'a.js', lines: 17, functions: 2, maxComplexity: 13 }]);
  expect(findings.filter(({ rule }) => rule === 'eslint(complexity)')).toEqual([
    expect.objectContaining({ line: 2, message: expect.stringContaining('Maximum allowed is 10') }),
  ]);
  expect(totals.debt).toBe(1);
});

test('warning comments and long functions are debt', async () => {
  const long = Array.from({ length: 60 }, (_, index) => `  use(${index});`).join('\n');
  const { findings } = await report({ 'a.js': `// FIXME: later\nexports.long = () => {\n${long}\n};\n` });
  const rules = findings.map(({ rule }) => rule);
  expect(rules).toContain('eslint(no-warning-comments)');
  expect(rules).toContain('eslint(max-lines-per-function)');
});

test('with one linter the other finds nothing, and debt is still measured', async () => {
  const { findings, totals } = await report(tiny, { linters: ['oxlint'] });
  expect(findings.every(({ tool }) => tool === 'oxlint')).toBe(true);
  expect(totals.debt).toBe(1);
});

test("the subject's own configuration of the linters is not followed", async () => {
  const off = {
    'biome.json': '{"linter":{"enabled":false}}',
    '.oxlintrc.json': '{"categories":{"correctness":"off"},"rules":{"no-unused-vars":"off"}}',
  };
  const source = { 'a.js': 'var unused = 1 == 2;\n' };
  expect((await report({ ...source, ...off })).findings).toEqual((await report(source)).findings);
});

test('a file that cannot be parsed is a finding', async () => {
  const { findings } = await report({ 'a.js': 'function (\n' });
  expect(findings.filter(({ file }) => file === 'a.js').length).toBeGreaterThan(0);
});

test('two executions in different places give the same outcome', async () => {
  expect(await report(tiny)).toEqual(await report(tiny));
});

test('linters that do not exist are refused', async () => {
  await expect(report(tiny, { linters: ['other'] })).rejects.toMatchObject({ code: 'InputInvalid' });
});
