import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FitnessMeasurements } from '../../../libs/contracts/reports/fitness.js';
import { acceptsCandidate, eligibilityOf } from '../../../libs/synthesis/accepts-candidate.js';
import { comparableFindings, fitnessOf, measurementsOf } from '../../../libs/synthesis/fitness.js';
import { bestOf, standings } from '../../../libs/synthesis/standings.js';
import { type ScoresByItem, unverified } from '../../../libs/synthesis/verification-score.js';
import { analysis, candidate, code, collected, tests, validation } from './reports.js';

const weights = { findings: 0.6, complexity: 0.1, size: 0.2, verification: 0.1 };

/** Every check of a candidate with this letter, and of its validation, is ok. */
const allOk = (...letters: string[]): ScoresByItem =>
  new Map(
    letters.flatMap((letter) =>
      [`improve-${letter}`, `validate-${letter}`].map((item) => [item, { checks: 2, ok: 2 }] as const),
    ),
  );

describe('a validation accepts a candidate', () => {
  it('only if tests ran, none is broken and none is missing, whatever the exit code', () => {
    expect(acceptsCandidate(validation())).toBe(true);
    expect(acceptsCandidate(validation({ tests: tests({ one: 'pass' }, 1) }))).toBe(true);
    expect(acceptsCandidate(validation({ broken: ['one'] }))).toBe(false);
    expect(acceptsCandidate(validation({ missing: ['one'] }))).toBe(false);
    expect(acceptsCandidate(validation({ tests: tests({}) }))).toBe(false);
  });

  it('and says why', () => {
    expect(eligibilityOf(validation())).toEqual({
      eligible: true,
      reason: 'Every test that passed before passes.',
    });
    expect(eligibilityOf(validation({ broken: ['one', 'two'], missing: ['three'] }))).toEqual({
      eligible: false,
      reason: '2 tests broken: one, two.',
    });
    expect(eligibilityOf(validation({ tests: tests({}) }))).toEqual({
      eligible: false,
      reason: 'No test ran.',
    });
  });
});

describe('the fitness', () => {
  const measured = (findings: number, branches: number, lines: number, ok: number): FitnessMeasurements => ({
    findings: { before: 4, after: findings },
    complexity: { before: 40, after: branches },
    change: { lines, before: 100 },
    verification: { checks: 4, ok },
  });
  const fitness = (...of: Readonly<Parameters<typeof measured>>) => fitnessOf(measured(...of), weights);

  it('is as documented: 4 findings become 1, 40 branches 38, 10 of 100 lines change, 4 of 4 checks are ok', () => {
    // 0.6 x 3/4 + 0.1 x 2/40 + 0.2 x (1 - 20/200) + 0.1 x 4/4
    expect(fitness(1, 38, 20, 4)).toBe(0.735);
  });

  it('is 1 for nothing left without a change, the weights of size and verification for no change', () => {
    expect(fitness(0, 0, 0, 4)).toBe(1);
    expect(fitness(4, 40, 0, 4)).toBe(0.3);
    expect(fitness(4, 40, 0, 0)).toBe(0.2);
  });

  it('is below 0 for what is worse, and -0.7 at the worst', () => {
    expect(fitness(40, 400, 200, 0)).toBe(-0.63);
    expect(
      fitnessOf(
        {
          findings: { before: 0, after: 9 },
          complexity: { before: 0, after: 9 },
          change: { lines: 9, before: 0 },
          verification: { checks: 0, ok: 0 },
        },
        weights,
      ),
    ).toBe(-0.7);
  });

  it('never rises with more of what is measured, nor with fewer checks that are ok, and stays within -1 and 1', () => {
    const any = fc.nat(300);
    fc.assert(
      fc.property(
        any,
        any,
        any,
        any,
        any,
        any,
        fc.nat(4),
        fc.nat(4),
        (a, b, c, more, wider, longer, x, y) => {
          const [good, bad] = [
            fitness(a, b, c, Math.max(x, y)),
            fitness(a + more, b + wider, c + longer, Math.min(x, y)),
          ];
          expect(bad).toBeLessThanOrEqual(good);
          expect(Math.abs(bad)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    ['findings', [0, 40, 0, 4], 0.9],
    ['complexity', [4, 0, 0, 4], 0.4],
    ['size', [4, 40, 200, 4], 0.1],
    ['verification', [4, 40, 0, 2], 0.25],
  ] satisfies [string, Parameters<typeof measured>, number][])(
    'weighs %s by the template alone',
    (name, of, expected) => {
      expect(fitness(...of)).toBe(expected);
      const without = { ...weights, [name]: 0 };
      expect(fitnessOf(measured(...of), without)).toBe(fitnessOf(measured(4, 40, 0, 4), without));
    },
  );

  it('is of what was measured: reports and the checks of verifiers', () => {
    expect(measurementsOf(code(), validation(), { checks: 4, ok: 3 })).toEqual({
      findings: { before: 4, after: 1 },
      complexity: { before: 40, after: 38 },
      change: { lines: 20, before: 100 },
      verification: { checks: 4, ok: 3 },
    });
  });

  it('leaves debt and linters that did not look before out of the comparison', () => {
    const before = code({
      byRule: [
        { tool: 'oxlint', rule: 'eqeqeq', count: 3, files: 1 },
        { tool: 'oxlint', rule: 'eslint(complexity)', count: 2, files: 1 },
      ],
      totals: { style: 0, correctness: 3, debt: 2, all: 5 },
    });
    const after = validation({ findings: { all: 62, byTool: { biome: 60, oxlint: 2 }, byFile: [] } });
    expect(comparableFindings(before, after)).toEqual({ before: 3, after: 2 });
  });

  it('counts every linter where none had found anything', () => {
    const clean = code({
      findings: [],
      byRule: [],
      byFile: [],
      totals: { style: 0, correctness: 0, debt: 0, all: 0 },
    });
    expect(comparableFindings(clean, validation())).toEqual({ before: 0, after: 1 });
  });
});

describe('the standings', () => {
  it('have each candidate with what was measured, and rank only those that keep every test', () => {
    const all = standings(
      [
        ...analysis(),
        collected('improve-c', candidate({ strategy: 'eslint' })),
        collected('improve-b', candidate({ strategy: 'oxlint' })),
        collected('improve-a', candidate()),
        collected(
          'validate-a',
          validation({
            findings: { all: 0, byTool: { biome: 0, oxlint: 0 }, byFile: [] },
            broken: ['one'],
            tests: tests({ one: 'fail', two: 'pass' }),
          }),
        ),
        collected('validate-b', validation()),
        collected(
          'validate-c',
          validation({ change: { files: 1, linesAdded: 90, linesRemoved: 90, largestDeletion: 1 } }),
        ),
      ],
      weights,
      allOk('a', 'b', 'c'),
    );
    expect(all.map(({ candidate: letter, eligible, fitness }) => ({ letter, eligible, fitness }))).toEqual([
      { letter: 'A', eligible: false, fitness: null },
      { letter: 'B', eligible: true, fitness: 0.735 },
      { letter: 'C', eligible: true, fitness: 0.575 },
    ]);
    expect(all[0]).toMatchObject({
      reason: '1 test broken: one.',
      testsPassed: 1,
      testsFailed: 1,
      broken: 1,
      findings: 0,
      measurements: null,
    });
    expect(all[1]).toMatchObject({ strategy: 'oxlint', linesChanged: 20, functionCoverage: 90, findings: 1 });
    expect(all[1]?.measurements).toEqual({
      findings: { before: 4, after: 1 },
      complexity: { before: 40, after: 38 },
      change: { lines: 20, before: 100 },
      verification: { checks: 4, ok: 4 },
    });
    expect(bestOf(all)?.candidate).toBe('B');
  });

  it.each([
    ['was not validated', [], 'It was not validated.'],
    [
      'ran fewer tests',
      [collected('validate-a', validation({ missing: ['two'] }))],
      '1 test did not run: two.',
    ],
    ['ran none', [collected('validate-a', validation({ tests: tests({}) }))], 'No test ran.'],
  ])('are not eligible for a candidate that %s', (_, validations, reason) => {
    const [only] = standings(
      [...analysis(), collected('improve-a', candidate()), ...validations],
      weights,
      unverified,
    );
    expect(only).toMatchObject({ eligible: false, fitness: null, reason });
    expect(bestOf(only ? [only] : [])).toBeUndefined();
  });

  it('are not eligible where the findings before are not known', () => {
    const [only] = standings(
      [collected('improve-a', candidate()), collected('validate-a', validation())],
      weights,
      unverified,
    );
    expect(only).toMatchObject({ eligible: false, fitness: null });
  });

  it('have the repaired candidate beside the rejected one, and take the repaired one', () => {
    const all = standings(
      [
        ...analysis(),
        collected('improve-a', candidate()),
        collected('validate-a', validation({ broken: ['one'] })),
        collected('improve-a-repair', candidate()),
        collected('validate-a-repair', validation()),
      ],
      weights,
      unverified,
    );
    expect(all.map(({ item, candidate: letter, eligible }) => `${letter} ${item} ${eligible}`)).toEqual([
      'A improve-a false',
      'A improve-a-repair true',
    ]);
    expect(bestOf(all)?.item).toBe('improve-a-repair');
  });

  it('rank, of equal candidates, the one first of which verifiers found more to be ok', () => {
    const all = standings(
      [
        ...analysis(),
        ...['a', 'b'].flatMap((letter) => [
          collected(`improve-${letter}`, candidate()),
          collected(`validate-${letter}`, validation()),
        ]),
      ],
      weights,
      new Map([...allOk('a', 'b'), ['improve-a', { checks: 2, ok: 1 }]]),
    );
    expect(all.map(({ measurements }) => measurements?.verification)).toEqual([
      { checks: 4, ok: 3 },
      { checks: 4, ok: 4 },
    ]);
    expect(bestOf(all)?.candidate).toBe('B');
  });

  it('count the checks of the repaired candidate by itself', () => {
    const all = standings(
      [
        ...analysis(),
        collected('improve-a', candidate()),
        collected('validate-a', validation()),
        collected('improve-a-repair', candidate()),
        collected('validate-a-repair', validation()),
      ],
      weights,
      new Map([...allOk('a'), ['improve-a-repair', { checks: 2, ok: 0 }]]),
    );
    expect(all.map(({ measurements }) => measurements?.verification)).toEqual([
      { checks: 4, ok: 4 },
      { checks: 2, ok: 0 },
    ]);
  });

  it('take the verdict of the validation that speaks against a candidate, where several validated it', () => {
    const [only] = standings(
      [
        ...analysis(),
        collected('improve-a', candidate()),
        collected('validate-a', validation()),
        collected('stress-a', validation({ broken: ['two'] }), { workedOn: 'improve-a' }),
      ],
      weights,
      unverified,
    );
    expect(only?.eligible).toBe(false);
  });

  it('prefer, of the same fitness, fewer findings, then fewer lines, then the name', () => {
    const [one] = standings(
      [...analysis(), collected('improve-a', candidate()), collected('validate-a', validation())],
      weights,
      unverified,
    );
    if (!one) throw new Error('There is no standing.');
    const fewer = { ...one, item: 'improve-c', candidate: 'C', findings: 0 };
    const smaller = { ...one, item: 'improve-d', candidate: 'D', linesChanged: 1 };
    expect(bestOf([one, smaller, fewer])).toBe(fewer);
    expect(bestOf([one, smaller])).toBe(smaller);
    expect(bestOf([{ ...one, item: 'improve-b' }, one])).toBe(one);
  });
});
