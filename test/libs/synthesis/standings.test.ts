import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsCandidate } from '../../../libs/synthesis/accepts-candidate.js';
import { comparableFindings, fitnessOf } from '../../../libs/synthesis/fitness.js';
import { bestOf, standings } from '../../../libs/synthesis/standings.js';
import { analysis, candidate, code, collected, tests, validation } from './reports.js';

const weights = { findings: 0.8, size: 0.2 };

describe('a validation accepts a candidate', () => {
  it('only if tests ran, none is broken and none is missing, whatever the exit code', () => {
    expect(acceptsCandidate(validation())).toBe(true);
    expect(acceptsCandidate(validation({ tests: tests({ one: 'pass' }, 1) }))).toBe(true);
    expect(acceptsCandidate(validation({ broken: ['one'] }))).toBe(false);
    expect(acceptsCandidate(validation({ missing: ['one'] }))).toBe(false);
    expect(acceptsCandidate(validation({ tests: tests({}) }))).toBe(false);
  });
});

describe('the fitness', () => {
  const measured = (findings: number, lines: number) =>
    fitnessOf(
      code(),
      validation({
        findings: { all: findings, byTool: { biome: findings, oxlint: 0 }, byFile: [] },
        change: { files: 1, linesAdded: lines, linesRemoved: lines, largestDeletion: 0 },
      }),
      weights,
    );

  it('is as documented: 4 findings become 1, 10 of 100 lines change', () => {
    // 0.8 x 3/4 + 0.2 x (1 - 20/200)
    expect(measured(1, 10)).toBe(0.78);
  });

  it('is 1 for no finding without a change, the weight of size for no change, and below 0 for what is worse', () => {
    expect(measured(0, 0)).toBe(1);
    expect(measured(4, 0)).toBe(0.2);
    expect(measured(40, 100)).toBe(-0.72);
  });

  it('rises with fewer findings, falls with more changed lines, and stays between -1 and 1', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(300), fc.nat(50), fc.nat(300), (findings, lines, more, wider) => {
        const fitness = measured(findings, lines);
        expect(measured(findings + more, lines + wider)).toBeLessThanOrEqual(fitness);
        expect(Math.abs(fitness)).toBeLessThanOrEqual(1);
      }),
    );
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
    );
    expect(all.map(({ candidate: letter, eligible, fitness }) => ({ letter, eligible, fitness }))).toEqual([
      { letter: 'A', eligible: false, fitness: null },
      { letter: 'B', eligible: true, fitness: 0.78 },
      { letter: 'C', eligible: true, fitness: 0.62 },
    ]);
    expect(all[0]).toMatchObject({
      reason: '1 test broken: one.',
      testsPassed: 1,
      testsFailed: 1,
      broken: 1,
      findings: 0,
    });
    expect(all[1]).toMatchObject({ strategy: 'oxlint', linesChanged: 20, functionCoverage: 90, findings: 1 });
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
    const [only] = standings([...analysis(), collected('improve-a', candidate()), ...validations], weights);
    expect(only).toMatchObject({ eligible: false, fitness: null, reason });
    expect(bestOf(only ? [only] : [])).toBeUndefined();
  });

  it('are not eligible where the findings before are not known', () => {
    const [only] = standings(
      [collected('improve-a', candidate()), collected('validate-a', validation())],
      weights,
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
    );
    expect(all.map(({ item, candidate: letter, eligible }) => `${letter} ${item} ${eligible}`)).toEqual([
      'A improve-a false',
      'A improve-a-repair true',
    ]);
    expect(bestOf(all)?.item).toBe('improve-a-repair');
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
    );
    expect(only?.eligible).toBe(false);
  });

  it('prefer, of the same fitness, fewer findings, then fewer lines, then the name', () => {
    const [one] = standings(
      [...analysis(), collected('improve-a', candidate()), collected('validate-a', validation())],
      weights,
    );
    if (!one) throw new Error('There is no standing.');
    const fewer = { ...one, item: 'improve-c', candidate: 'C', findings: 0 };
    const smaller = { ...one, item: 'improve-d', candidate: 'D', linesChanged: 1 };
    expect(bestOf([one, smaller, fewer])).toBe(fewer);
    expect(bestOf([one, smaller])).toBe(smaller);
    expect(bestOf([{ ...one, item: 'improve-b' }, one])).toBe(one);
  });
});
