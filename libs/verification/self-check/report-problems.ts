import { isDeepStrictEqual } from 'node:util';
import type { ArchitectureReport } from '../../contracts/reports/architecture.js';
import type { ReportByName } from '../../contracts/reports/by-name.js';
import type { ValidationReport } from '../../contracts/reports/candidate.js';
import type { CodeReport } from '../../contracts/reports/code.js';
import { mostNamedFailures, type SegmentReport } from '../../contracts/reports/segment.js';
import type { Checkpoint, Synthesis } from '../../contracts/reports/synthesis.js';
import type { Coverage, TestRun } from '../../contracts/reports/tests.js';
import type { ReportName } from '../../contracts/template.js';
import { digestOfChunks } from '../../segments/segment-report.js';
import { allOf, byMatrix } from '../../synthesis/checkpoint.js';

/** By report, what does not add up within it. */
export const reportProblems: { readonly [Name in ReportName]: (report: ReportByName[Name]) => string[] } = {
  architecture: architectureProblems,
  code: codeProblems,
  infrastructure: ({ baseline, coverage }) => [...testRunProblems(baseline), ...coverageProblems(coverage)],
  candidate: ({ changed, left }) => [
    ...repeated('changed files', changed),
    ...left.filter(({ file }) => changed.includes(file)).map(({ file }) => `${file} was changed and left.`),
  ],
  validation: validationProblems,
  synthesis: synthesisProblems,
  checkpoint: checkpointProblems,
  custom: () => [],
  segment: segmentReportProblems,
};

/** What a segment says of itself; the results in its chunks are looked at apart. */
function segmentReportProblems({
  inputs,
  completed,
  failed,
  failures,
  chunks,
  digest,
}: SegmentReport): string[] {
  const problems: string[] = [];
  let next = 0;
  for (const { first, count } of chunks) {
    if (first !== next) problems.push(`A chunk begins at input ${first}, not at ${next}.`);
    next = first + count;
  }
  if (next !== inputs.count) problems.push(`The chunks have ${next} inputs, not ${inputs.count}.`);
  if (sum(chunks.map((chunk) => chunk.completed)) !== completed)
    problems.push(`The chunks have not ${completed} completed inputs.`);
  if (completed + failed !== inputs.count)
    problems.push(`${completed} completed and ${failed} failed are not ${inputs.count} inputs.`);
  if (failures.length !== Math.min(failed, mostNamedFailures))
    problems.push(`${failures.length} of ${failed} failed inputs are named.`);
  if (digestOfChunks(chunks) !== digest) problems.push('The digest is not that of the chunks.');
  return problems;
}

/** Whether every import leads to a component is a criterion of the checkpoint, which may find that it does not. */
function architectureProblems({ components, imports, cycles }: ArchitectureReport): string[] {
  const known = new Set(imports.flatMap(({ from, to }) => [from, to]));
  return [
    ...repeated(
      'components',
      components.map(({ name }) => name),
    ),
    ...repeated(
      'imports',
      imports.map(({ from, to }) => `${from} of ${to}`),
    ),
    ...cycles
      .flat()
      .filter((file) => !known.has(file))
      .map((file) => `${file} is part of a cycle, but of no import.`),
  ];
}

function codeProblems({ findings, byRule, byFile, totals }: CodeReport): string[] {
  const problems: string[] = [];
  const rules = new Map<string, number>();
  const files = new Map<string, number>();
  for (const { tool, rule, file } of findings) {
    rules.set(`${tool} ${rule}`, (rules.get(`${tool} ${rule}`) ?? 0) + 1);
    if (file !== null) files.set(file, (files.get(file) ?? 0) + 1);
  }
  const counted = new Map(byRule.map(({ tool, rule, count }) => [`${tool} ${rule}`, count]));
  problems.push(...differentCounts('rule', counted, rules));
  problems.push(...differentCounts('file', new Map(byFile.map(({ file, count }) => [file, count])), files));
  if (totals.all !== findings.length)
    problems.push(`${totals.all} findings are stated, ${findings.length} are listed.`);
  if (totals.style + totals.correctness + totals.debt !== totals.all)
    problems.push(`Style, correctness and debt do not add up to ${totals.all}.`);
  return problems;
}

function differentCounts(
  what: string,
  stated: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
): string[] {
  const keys = new Set([...stated.keys(), ...found.keys()]);
  return [...keys]
    .filter((key) => (stated.get(key) ?? 0) !== (found.get(key) ?? 0))
    .map(
      (key) =>
        `The ${what} ${key} has ${found.get(key) ?? 0} findings, but ${stated.get(key) ?? 0} are stated.`,
    );
}

function validationProblems({
  tests,
  coverage,
  findings,
  change,
  complexity,
  lines,
  broken,
  missing,
}: ValidationReport): string[] {
  const problems = [...testRunProblems(tests), ...coverageProblems(coverage)];
  const byTool = sum(Object.values(findings.byTool));
  if (byTool !== findings.all)
    problems.push(`${findings.all} findings are stated; the tools have ${byTool}.`);
  if (sum(findings.byFile.map(({ count }) => count)) > findings.all)
    problems.push('The files have more findings than there are.');
  const counts = [
    findings.all,
    ...Object.values(findings.byTool),
    change.files,
    change.linesAdded,
    change.linesRemoved,
    change.largestDeletion,
    complexity.before,
    complexity.after,
    lines.before,
    lines.after,
  ];
  if (counts.some((count) => count < 0)) problems.push('A count is negative.');
  if (change.largestDeletion > change.linesRemoved)
    problems.push('One hunk deletes more lines than all together.');
  const verdicts = new Map(tests.tests.map(({ name, verdict }) => [name, verdict]));
  for (const name of broken)
    if (verdicts.get(name) === 'pass') problems.push(`The test ${name} is called broken and passed.`);
  for (const name of missing)
    if (verdicts.has(name)) problems.push(`The test ${name} is called missing and was run.`);
  return [...problems, ...repeated('broken tests', broken), ...repeated('missing tests', missing)];
}

/** What of a test run does not add up: counts by verdict, names in order and unique. */
function testRunProblems({ tests, passed, failed, skipped }: TestRun): string[] {
  const problems: string[] = [];
  const count = (verdict: string): number => tests.filter((test) => test.verdict === verdict).length;
  for (const [verdict, stated] of [
    ['pass', passed],
    ['fail', failed],
    ['skip', skipped],
  ] as const)
    if (count(verdict) !== stated)
      problems.push(`${stated} tests are stated as ${verdict}, ${count(verdict)} are listed.`);
  if (passed + failed + skipped !== tests.length)
    problems.push(
      `${passed} passed, ${failed} failed and ${skipped} skipped are not the ${tests.length} that are listed.`,
    );
  const names = tests.map(({ name }) => name);
  const unordered = names.findIndex((name, index) => index > 0 && name < (names[index - 1] ?? ''));
  if (unordered > 0) problems.push(`The test ${names[unordered]} is not in order.`);
  return [...problems, ...repeated('tests', names)];
}

function coverageProblems(coverage: Coverage): string[] {
  return Object.entries(coverage)
    .filter(([, percent]) => percent !== null && (percent < 0 || percent > 100))
    .map(([what, percent]) => `A coverage of ${percent} % of the ${what} is none.`);
}

function synthesisProblems({ inputs, missing, lacking = [], notNeeded = [] }: Synthesis): string[] {
  const items = inputs.map(({ item }) => item);
  const unexplained = missing.filter((item) => !lacking.some((one) => one.item === item));
  return [
    ...unexplained.map((item) => `${item} is missing, and it is not said why.`),
    ...lacking
      .filter(({ item }) => !missing.includes(item))
      .map(({ item }) => `It is said why ${item} is missing, which is not.`),
    ...repeated('inputs', items),
    ...missing
      .filter((item) => items.includes(item))
      .map((item) => `${item} is an input and is called missing.`),
    ...notNeeded
      .filter((item) => items.includes(item) || missing.includes(item))
      .map((item) => `${item} is called not needed, and is an input or called missing.`),
    ...repeated('items that were not needed', notNeeded),
  ];
}

function checkpointProblems(report: Checkpoint): string[] {
  const { criteria, passed, decision } = report;
  const met = criteria.every((criterion) => criterion.met);
  const decided = decision === undefined ? allOf(criteria) : byMatrix(criteria);
  return [
    ...repeated(
      'criteria',
      criteria.map(({ id }) => id),
    ),
    ...(criteria.length === 0 ? ['There is no criterion.'] : []),
    ...(decided.passed === passed
      ? []
      : [
          `It is said to have ${passed ? 'passed' : 'failed'}, but ${met ? 'all' : 'not all'} criteria are met.`,
        ]),
    ...(isDeepStrictEqual(
      { decision: decided.decision, warnings: decided.warnings },
      { decision, warnings: report.warnings },
    )
      ? []
      : ['Decision and warnings are not what the matrix makes of its criteria.']),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function repeated(what: string, values: readonly string[]): string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(twice)].map((value) => `Among the ${what}, ${value} is named twice.`);
}
