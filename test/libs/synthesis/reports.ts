import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import type { GraphItem, WorkGraph } from '../../../libs/contracts/graph.js';
import type { ArchitectureReport } from '../../../libs/contracts/reports/architecture.js';
import type { CandidateReport, ValidationReport } from '../../../libs/contracts/reports/candidate.js';
import type { CodeReport } from '../../../libs/contracts/reports/code.js';
import type { Finding } from '../../../libs/contracts/reports/finding.js';
import type { InfrastructureReport } from '../../../libs/contracts/reports/infrastructure.js';
import type { TestRun } from '../../../libs/contracts/reports/tests.js';
import { compileGraph } from '../../../libs/graph/parse.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import type { Collected, Report } from '../../../libs/synthesis/report.js';
import { findTemplate } from '../../../libs/templates/load.js';

export const digestOf = (value: unknown): Digest =>
  `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;

export const architecture = (change: Partial<ArchitectureReport> = {}): ArchitectureReport => ({
  kind: 'architecture',
  components: [{ name: 'lib', files: 2, lines: 100, imports: [] }],
  imports: [{ from: 'lib/a.js', to: 'lib/b.js' }],
  cycles: [],
  external: [{ name: 'fs', kind: 'builtin', declared: true, importedBy: ['lib/a.js'] }],
  integrationPoints: [],
  configuration: [],
  findings: [],
  ...change,
});

export const finding = (file: string, rule: string, change: Partial<Finding> = {}): Finding => ({
  tool: 'biome',
  rule,
  severity: 'minor',
  file,
  line: 1,
  message: 'It could be better.',
  ...change,
});

export const code = (change: Partial<CodeReport> = {}): CodeReport => ({
  kind: 'code',
  files: [
    { file: 'lib/a.js', lines: 60, functions: 3, maxComplexity: 4 },
    { file: 'lib/b.js', lines: 40, functions: 2, maxComplexity: 2 },
  ],
  findings: [
    finding('lib/a.js', 'noVar'),
    finding('lib/a.js', 'noVar'),
    finding('lib/b.js', 'useConst'),
    finding('lib/b.js', 'eqeqeq', { tool: 'oxlint' }),
  ],
  byRule: [
    { tool: 'biome', rule: 'noVar', count: 2, files: 1 },
    { tool: 'biome', rule: 'useConst', count: 1, files: 1 },
    { tool: 'oxlint', rule: 'eqeqeq', count: 1, files: 1 },
  ],
  byFile: [
    { file: 'lib/a.js', count: 2 },
    { file: 'lib/b.js', count: 2 },
  ],
  totals: { style: 3, correctness: 1, debt: 0, all: 4 },
  ...change,
});

export const tests = (verdicts: Record<string, 'pass' | 'fail' | 'skip'>, exitCode = 0): TestRun => {
  const all = Object.entries(verdicts).map(([name, verdict]) => ({ name, verdict }));
  const of = (wanted: string) => all.filter(({ verdict }) => verdict === wanted).length;
  return {
    command: 'mocha',
    runner: 'mocha',
    tests: all,
    passed: of('pass'),
    failed: of('fail'),
    skipped: of('skip'),
    exitCode,
  };
};

export const infrastructure = (change: Partial<InfrastructureReport> = {}): InfrastructureReport => ({
  kind: 'infrastructure',
  environment: { node: 'v24.21.0', runner: 'mocha', scripts: {}, engines: null },
  baseline: tests({ one: 'pass', two: 'pass' }),
  coverage: { lines: 95, functions: 90, branches: 80 },
  secrets: [],
  licenses: {
    declared: 'MIT',
    valid: true,
    files: ['LICENSE'],
    dependencies: [{ name: 'mocha', version: '10.8.2', license: 'MIT' }],
  },
  findings: [],
  ...change,
});

export const candidate = (change: Partial<CandidateReport> = {}): CandidateReport => ({
  kind: 'candidate',
  strategy: 'biome',
  tools: [{ name: 'biome', version: '2.5.15' }],
  changed: ['lib/a.js'],
  left: [],
  ...change,
});

export const validation = (change: Partial<ValidationReport> = {}): ValidationReport => ({
  kind: 'validation',
  tests: tests({ one: 'pass', two: 'pass' }),
  coverage: { lines: 95, functions: 90, branches: 80 },
  broken: [],
  missing: [],
  findings: { all: 1, byTool: { biome: 1, oxlint: 0 }, byFile: [{ file: 'lib/b.js', count: 1 }] },
  change: { files: 1, linesAdded: 10, linesRemoved: 10, largestDeletion: 2 },
  complexity: { before: 40, after: 38 },
  lines: { before: 100, after: 100 },
  ...change,
});

export const collected = (item: string, report: Report, change: Partial<Collected> = {}): Collected => {
  const [, letter] = /-([a-z])(?:-repair)?$/.exec(item) ?? [];
  const improves = report.kind === 'candidate';
  return {
    item,
    agent: `${report.kind}-agent`,
    outcome: digestOf(report),
    report,
    workspace: improves ? digestOf({ workspace: item }) : null,
    candidate: letter?.toUpperCase() ?? null,
    workedOn: report.kind === 'validation' ? item.replace('validate', 'improve') : null,
    ...change,
  };
};

export const analysis = (): Collected[] => [
  collected('architecture', architecture()),
  collected('code', code()),
  collected('infrastructure', infrastructure()),
];

export const { template: review } = findTemplate('repository-review');

const agents = (id: string): GraphItem['agents'] => [{ id: `${id}-agent`, manifest: digestOf(id) }];

export const reviewGraph: WorkGraph = compileGraph(
  review,
  Object.fromEntries(
    [
      'architecture',
      'code',
      'infrastructure',
      ...['a', 'b', 'c'].flatMap((x) => [`improve-${x}`, `validate-${x}`]),
    ].map((id) => [id, agents(id)]),
  ),
);
