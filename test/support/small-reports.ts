import type { ArchitectureReport } from '../../libs/contracts/reports/architecture.js';
import type { CandidateReport, ValidationReport } from '../../libs/contracts/reports/candidate.js';
import type { CodeReport } from '../../libs/contracts/reports/code.js';
import type { Finding } from '../../libs/contracts/reports/finding.js';
import type { InfrastructureReport } from '../../libs/contracts/reports/infrastructure.js';
import type { TestRun } from '../../libs/contracts/reports/tests.js';

/** The subject of the small run: it says of itself what no page may take for markup. */
export const subjectFiles: Readonly<Record<string, string>> = {
  'index.js': 'var a = 1;\n// <script>alert(1)</script>\nmodule.exports = a;\n',
  'package.json': '{"name":"small","version":"1.0.0","license":"MIT"}\n',
  'test.js': "require('./index.js');\n",
};

const findings: Finding[] = [
  { tool: 'oxlint', rule: 'no-var', severity: 'minor', file: 'index.js', line: 1, message: 'var' },
];

export const architecture: ArchitectureReport = {
  kind: 'architecture',
  components: [{ name: '.', files: 1, lines: 3, imports: [] }],
  imports: [],
  cycles: [],
  external: [],
  integrationPoints: [],
  configuration: [{ file: 'package.json', configures: 'the package' }],
  findings: [],
};

export const code: CodeReport = {
  kind: 'code',
  files: [{ file: 'index.js', lines: 3, functions: 0, maxComplexity: 0 }],
  findings,
  byRule: [{ tool: 'oxlint', rule: 'no-var', count: 1, files: 1 }],
  byFile: [{ file: 'index.js', count: 1 }],
  totals: { style: 1, correctness: 0, debt: 0, all: 1 },
};

const testRun = (verdicts: Readonly<Record<string, 'pass' | 'fail' | 'skip'>>): TestRun => {
  const tests = Object.entries(verdicts)
    .map(([name, verdict]) => ({ name, verdict }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const count = (wanted: string): number => tests.filter(({ verdict }) => verdict === wanted).length;
  const failed = count('fail');
  return {
    command: 'node test.js',
    runner: 'node',
    tests,
    passed: count('pass'),
    failed,
    skipped: count('skip'),
    exitCode: failed > 0 ? 1 : 0,
  };
};

const coverage = { lines: 100, functions: 50, branches: null };

export const infrastructure: InfrastructureReport = {
  kind: 'infrastructure',
  environment: { node: '24.0.0', runner: 'node', scripts: {}, engines: null },
  baseline: testRun({ loads: 'pass', '<b>renders</b>': 'pass', 'waits > long': 'skip' }),
  coverage,
  secrets: [],
  licenses: { declared: 'MIT', valid: true, files: [], dependencies: [] },
  findings: [],
};

export const candidate = (strategy: string): CandidateReport => ({
  kind: 'candidate',
  strategy,
  tools: [{ name: 'sed', version: '4.9' }],
  changed: ['index.js'],
  left: [{ file: 'test.js', reason: 'Tests are left as they are.' }],
});

export const validation = (broken: readonly string[]): ValidationReport => ({
  kind: 'validation',
  tests: testRun({
    loads: 'pass',
    '<b>renders</b>': broken.includes('<b>renders</b>') ? 'fail' : 'pass',
    'waits > long': 'skip',
  }),
  coverage,
  broken: [...broken],
  missing: [],
  findings: { all: 0, byTool: { oxlint: 0 }, byFile: [] },
  change: { files: 1, linesAdded: 1, linesRemoved: 1, largestDeletion: 0 },
  complexity: { before: 0, after: 0 },
  lines: { before: 3, after: 3 },
});
