import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import { synthesisSchema } from '../../../libs/contracts/reports/synthesis.js';
import { type Consolidation, consolidate } from '../../../libs/synthesis/consolidate.js';
import type { Collected } from '../../../libs/synthesis/report.js';
import {
  analysis,
  architecture,
  candidate,
  code,
  collected,
  finding,
  infrastructure,
  review,
  reviewGraph,
  tests,
  validation,
} from './reports.js';

const consolidated = (arrived: readonly Collected[], change: Partial<Consolidation> = {}) =>
  consolidate({
    phase: 'analysis_consolidation',
    arrived,
    missing: [],
    graph: reviewGraph,
    budgets: { memoryBytes: 1024, processes: 8 },
    weights: review.fitness,
    ...change,
  });

const risksOf = (...arrived: Collected[]) => consolidated(arrived).synthesis.riskAssessment;
const conflictsOf = (...arrived: Collected[]) => consolidated(arrived).synthesis.conflicts;

describe('a consolidation', () => {
  it('takes each input once, names what is missing, and keeps to its contract', () => {
    const [one, two, three] = analysis();
    const synthesis = consolidated([three, one, two, one] as Collected[], {
      missing: ['late', 'absent', 'late'],
    });
    expect(synthesisSchema.parse(synthesis)).toEqual(synthesis);
    expect(synthesis.phase).toBe('analysis_consolidation');
    expect(synthesis.inputs.map(({ item, agent }) => `${item} by ${agent}`)).toEqual([
      'architecture by architecture-agent',
      'code by code-agent',
      'infrastructure by infrastructure-agent',
    ]);
    expect(synthesis.missing).toEqual(['absent', 'late']);
  });

  it('is the same byte for byte whatever the order of arrival, and however often something arrives', () => {
    const rest = [
      ...analysis(),
      collected('improve-a', candidate()),
      collected('validate-a', validation()),
      collected('improve-b', candidate({ strategy: 'oxlint' })),
    ];
    const first = canonicalJson(consolidated(rest));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(rest, { minLength: rest.length }),
        fc.subarray(rest),
        (order, again) => {
          expect(canonicalJson(consolidated([...order, ...again]))).toBe(first);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts rules as patterns, and joins installed and imported packages with their licences', () => {
    const external = [
      { name: 'absent', kind: 'package' as const, declared: true, importedBy: ['lib/b.js', 'lib/a.js'] },
      { name: 'fs', kind: 'builtin' as const, declared: true, importedBy: ['lib/a.js'] },
    ];
    const { synthesis } = consolidated([
      collected('architecture', architecture({ external })),
      collected('code', code()),
      collected('infrastructure', infrastructure()),
    ]);
    expect(synthesis.codePatterns[0]).toEqual({ pattern: 'biome noVar', count: 2, files: 1 });
    expect(synthesis.dependencies).toEqual([
      { name: 'absent', license: null, usedBy: ['lib/a.js', 'lib/b.js'] },
      { name: 'mocha', license: 'MIT', usedBy: [] },
    ]);
  });

  it('decides a strategy, an order of files and rules, and who gets what', () => {
    const findings = [...code().findings, finding('lib/b.js', 'bad', { severity: 'critical' })];
    const { decisions } = consolidated([
      collected('code', code({ findings })),
      collected('infrastructure', infrastructure()),
    ]);
    expect(decisions.implementationStrategy).toContain(
      'A by improve-a-agent, B by improve-b-agent, C by improve-c-agent',
    );
    expect(decisions.implementationStrategy).toContain('every one of the 2 tests that pass now still passes');
    expect(decisions.priorityOrder).toEqual([
      'file lib/b.js',
      'file lib/a.js',
      'rule biome noVar',
      'rule biome useConst',
      'rule oxlint eqeqeq',
    ]);
    expect(decisions.resourceAllocation).toMatchObject({
      parallel: 3,
      repairs: 3,
      memoryBytes: 1024,
      processes: 8,
      items: { 'improve-a': { agent: 'improve-a-agent', backups: 0, timeoutMs: 600_000 } },
    });
  });

  it('decides for the only eligible candidate', () => {
    const { decisions } = consolidated([
      ...analysis(),
      collected('improve-a', candidate()),
      collected('validate-a', validation({ broken: ['one'] })),
      collected('improve-b', candidate({ strategy: 'oxlint' })),
      collected('validate-b', validation()),
    ]);
    expect(decisions.implementationStrategy).toBe(
      'Deliver candidate B (oxlint), the only one that is eligible.',
    );
    expect(decisions.priorityOrder).toEqual(['candidate improve-b', 'candidate improve-a (not eligible)']);
  });

  it('decides to cross the parts of several, and names the fittest', () => {
    const { decisions } = consolidated([
      ...analysis(),
      collected('improve-a', candidate()),
      collected(
        'validate-a',
        validation({ change: { files: 1, linesAdded: 50, linesRemoved: 50, largestDeletion: 0 } }),
      ),
      collected('improve-b', candidate({ strategy: 'oxlint' })),
      collected('validate-b', validation()),
    ]);
    expect(decisions.implementationStrategy).toBe(
      "Cross the parts of 2 eligible candidates. Before verifiers' scores count, B (oxlint) is the fittest of them.",
    );
    expect(decisions.priorityOrder).toEqual(['candidate improve-b', 'candidate improve-a']);
  });
});

describe('conflicts', () => {
  it('are none where the reports agree', () => {
    expect(conflictsOf(...analysis())).toEqual([]);
  });

  it('are critical and open where an agent answered twice, and not the same', () => {
    const conflicts = conflictsOf(...analysis(), collected('code', code({ files: [] })));
    expect(conflicts[0]).toMatchObject({
      between: ['code by code-agent'],
      severity: 'critical',
      resolution: null,
    });
  });

  it('are critical and open where a report contradicts itself', () => {
    const counts = collected('code', code({ totals: { style: 9, correctness: 0, debt: 0, all: 9 } }));
    expect(conflictsOf(counts)).toMatchObject([
      { between: ['code'], severity: 'critical', resolution: null },
    ]);
    const baseline = { ...tests({ one: 'pass', two: 'fail' }, 1), passed: 2, failed: 0 };
    expect(conflictsOf(collected('infrastructure', infrastructure({ baseline })))).toMatchObject([
      { between: ['infrastructure'], severity: 'critical', resolution: null },
    ]);
  });

  it.each([
    [
      'success although tests failed',
      tests({ one: 'pass', two: 'fail' }, 0),
      'says success, but 1 test failed',
    ],
    [
      'failure although none failed',
      tests({ one: 'pass' }, 2),
      'No test failed, but the test command ended with 2',
    ],
  ])('are settled by the verdicts where the exit code says %s', (_, baseline, about) => {
    expect(conflictsOf(collected('infrastructure', infrastructure({ baseline })))).toEqual([
      expect.objectContaining({
        about: expect.stringContaining(about),
        severity: 'major',
        resolution: expect.stringContaining('verdicts by name count'),
      }),
    ]);
  });

  it.each([
    [{ declared: 'Free for all', valid: false, files: [] }, 'not an SPDX expression'],
    [{ declared: null, valid: false, files: ['LICENSE'] }, 'declares no licence, but there is LICENSE'],
  ])('tell what is said of the licence', (licence, about) => {
    const licenses = { ...infrastructure().licenses, ...licence };
    expect(conflictsOf(collected('infrastructure', infrastructure({ licenses })))).toEqual([
      expect.objectContaining({ about: expect.stringContaining(about), severity: 'minor' }),
    ]);
  });

  it.each([
    [
      { components: [{ name: 'lib', files: 3, lines: 100, imports: [] }] },
      'In lib one sees 3 files, the other 2.',
    ],
    [
      { components: [{ name: 'lib', files: 2, lines: 99, imports: [] }] },
      'In lib one counts 99 lines, the other 100.',
    ],
    [
      { imports: [{ from: 'bin/x.js', to: 'lib/a.js' }] },
      '1 file that the code report has not looked at: bin/x.js',
    ],
  ])('show where architecture and code have seen different files: %j', (change, about) => {
    expect(conflictsOf(collected('architecture', architecture(change)), collected('code', code()))).toEqual([
      expect.objectContaining({ between: ['architecture', 'code'], about: expect.stringContaining(about) }),
    ]);
  });

  it('are critical where they have no folder in common', () => {
    const components = [{ name: 'src', files: 2, lines: 100, imports: [] }];
    expect(
      conflictsOf(collected('architecture', architecture({ components })), collected('code', code())),
    ).toMatchObject([{ severity: 'critical', resolution: null }]);
  });

  it('show what is imported but not declared, and what is declared but not installed', () => {
    const external = [
      { name: 'mocha', kind: 'package' as const, declared: false, importedBy: ['lib/a.js'] },
      { name: 'absent', kind: 'unresolved' as const, declared: true, importedBy: ['lib/a.js'] },
      { name: './lost', kind: 'unresolved' as const, declared: false, importedBy: ['lib/a.js'] },
    ];
    expect(
      conflictsOf(
        collected('architecture', architecture({ external })),
        collected('infrastructure', infrastructure()),
      ).map(({ about }) => about),
    ).toEqual([
      'mocha is imported and installed, but package.json does not declare it.',
      'absent is declared and imported, but is not installed.',
    ]);
  });

  it('show a candidate that says less than it did, and candidates that changed the same file', () => {
    const conflicts = conflictsOf(
      collected('improve-a', candidate()),
      collected('validate-a', validation({ change: { ...validation().change, files: 2 } })),
      collected('improve-b', candidate({ strategy: 'oxlint' })),
    );
    expect(conflicts).toMatchObject([
      {
        between: ['improve-a', 'validate-a'],
        about: 'The candidate says that it changed 1 file; 2 differ.',
        severity: 'major',
      },
      { between: ['improve-a', 'improve-b'], severity: 'info' },
    ]);
  });
});

describe('risks', () => {
  const of = (change: Parameters<typeof infrastructure>[0]) =>
    risksOf(collected('infrastructure', infrastructure(change)));

  it('are none where all is well', () => {
    expect(risksOf(...analysis())).toEqual([]);
  });

  it.each([
    ['failing tests', { baseline: tests({ one: 'pass', two: 'fail' }, 1) }, 'major', '1 of 2: two'],
    ['no passing test', { baseline: tests({ one: 'fail' }, 1) }, 'critical', '1 test ran.'],
    [
      'low coverage',
      { coverage: { lines: 50, functions: 42.1, branches: 1 } },
      'major',
      '42.1 % of the functions are covered.',
    ],
    [
      'partial coverage',
      { coverage: { lines: 50, functions: 79, branches: 1 } },
      'minor',
      '79 % of the functions are covered.',
    ],
    [
      'unknown coverage',
      { coverage: { lines: null, functions: null, branches: null } },
      'major',
      'Coverage was not counted.',
    ],
    [
      'secrets',
      { secrets: [{ rule: 'aws', file: 'lib/a.js', line: 3, keyedHash: 'x' }] },
      'critical',
      'lib/a.js:3 (aws)',
    ],
    [
      'no licence',
      { licenses: { declared: null, valid: false, files: [], dependencies: [] } },
      'major',
      'Declared: nothing; licence files: none.',
    ],
    [
      'packages without a licence',
      {
        licenses: {
          ...infrastructure().licenses,
          dependencies: [{ name: 'x', version: '1.0.0', license: null }],
        },
      },
      'minor',
      'x@1.0.0',
    ],
  ] as const)('show %s with evidence', (_, change, severity, evidence) => {
    expect(of(change as Parameters<typeof infrastructure>[0])).toContainEqual({
      risk: expect.any(String),
      severity,
      evidence,
    });
  });

  it('show cycles, imports that lead nowhere, packages that are not declared, and started processes', () => {
    const risks = risksOf(
      collected(
        'architecture',
        architecture({
          cycles: [['lib/a.js', 'lib/b.js']],
          external: [
            { name: 'gone', kind: 'unresolved', declared: false, importedBy: ['lib/a.js'] },
            { name: 'mocha', kind: 'package', declared: false, importedBy: ['lib/b.js'] },
          ],
          integrationPoints: [{ kind: 'process', file: 'lib/a.js', detail: 'child_process' }],
        }),
      ),
    );
    expect(risks.map(({ severity, evidence }) => `${severity}: ${evidence}`)).toEqual([
      'major: gone (lib/a.js)',
      'major: mocha (lib/b.js)',
      'minor: lib/a.js -> lib/b.js',
      'info: lib/a.js (child_process)',
    ]);
  });

  it('show branched functions, critical findings, a large deletion, and what is missing, worst first', () => {
    const files = [{ file: 'lib/a.js', lines: 60, functions: 3, maxComplexity: 21 }];
    const findings = [finding('lib/a.js', 'evil', { severity: 'critical', line: 7 })];
    const risks = consolidated(
      [
        collected('code', code({ files, findings })),
        collected(
          'validate-a',
          validation({ change: { files: 1, linesAdded: 0, linesRemoved: 94, largestDeletion: 94 } }),
        ),
      ],
      { missing: ['validate-b'] },
    ).synthesis.riskAssessment;
    expect(risks.map(({ severity, evidence }) => `${severity}: ${evidence}`)).toEqual([
      'critical: validate-b',
      'major: validate-a: 94 lines in one place.',
      'major: lib/a.js:7 (biome evil)',
      'minor: lib/a.js (complexity 21)',
    ]);
  });
});
