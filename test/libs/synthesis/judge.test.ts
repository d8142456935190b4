import { describe, expect, it } from 'vitest';
import { judgementSchema } from '../../../libs/contracts/reports/synthesis.js';
import { consolidate } from '../../../libs/synthesis/consolidate.js';
import { criticalCriteria, decisionOf, isBelow } from '../../../libs/synthesis/decision.js';
import { type Delivered, type Judged, judge, judgeDelivered } from '../../../libs/synthesis/judge.js';
import type { Collected } from '../../../libs/synthesis/report.js';
import { bestStanding } from '../../../libs/synthesis/standings.js';
import { scoresOf } from '../../../libs/synthesis/verification-score.js';
import { checksOn } from '../../support/execute-record.js';
import {
  analysis,
  architecture,
  candidate,
  code,
  collected,
  digestOf,
  infrastructure,
  review,
  reviewGraph,
  tests,
  validation,
} from './reports.js';

const good = (): Collected[] => [
  ...analysis(),
  collected('improve-a', candidate()),
  collected('validate-a', validation()),
];

const whole = (arrived: readonly Collected[]): Judged => ({
  arrived,
  graph: reviewGraph,
  unfinished: [],
  handedOn: [],
  tests: true,
  synthesis: consolidate({
    phase: 'coordinate',
    arrived,
    missing: [],
    graph: reviewGraph,
    weights: review.fitness,
  }),
  weights: review.fitness,
  scores: scoresOf([{ pass: 'A', checks: checksOn('result', ['improve-a', 'validate-a']) }]),
  rollback: { ok: true, says: 'Whole.' },
  secretsOf: async () => ({ ok: true, says: 'None.' }),
});

const judged = (arrived: readonly Collected[] = good(), change: Partial<Judged> = {}) =>
  judge({ ...whole(arrived), ...change });

/** Reports as they are when all is well, with one validation and one infrastructure report changed. */
const with_ = (
  infra: Parameters<typeof infrastructure>[0],
  valid: Parameters<typeof validation>[0] = {},
): Collected[] => [
  collected('architecture', architecture()),
  collected('code', code()),
  collected('infrastructure', infrastructure(infra)),
  collected('improve-a', candidate()),
  collected('validate-a', validation(valid)),
];

describe('the decision', () => {
  const met = criticalCriteria.map((id) => ({ id, says: id, met: true, evidence: id }));

  it.each([
    [0, 'PROCEED'],
    [2, 'PROCEED'],
    [3, 'CONDITIONAL_PROCEED'],
    [4, 'CONDITIONAL_PROCEED'],
    [5, 'BLOCK'],
    [9, 'BLOCK'],
  ] as const)('with %i warnings is %s', (warnings, decision) => {
    expect(decisionOf({ criteria: met, warnings: Array.from({ length: warnings }, String) })).toBe(decision);
  });

  it.each(criticalCriteria)('is BLOCK where %s is not met, or not there', (id) => {
    expect(
      decisionOf({
        criteria: met.map((one) => (one.id === id ? { ...one, met: false } : one)),
        warnings: [],
      }),
    ).toBe('BLOCK');
    expect(decisionOf({ criteria: met.filter((one) => one.id !== id), warnings: [] })).toBe('BLOCK');
  });
});

describe('a decision', () => {
  it('is below a better one, and not below itself', () => {
    expect(isBelow('BLOCK', 'CONDITIONAL_PROCEED')).toBe(true);
    expect(isBelow('CONDITIONAL_PROCEED', 'PROCEED')).toBe(true);
    expect(isBelow('PROCEED', 'PROCEED')).toBe(false);
    expect(isBelow('PROCEED', 'BLOCK')).toBe(false);
  });
});

describe('the judgement', () => {
  it('proceeds with the best candidate where all is well, and keeps to its contract', async () => {
    const judgement = await judged();
    expect(judgementSchema.parse(judgement)).toEqual(judgement);
    expect(judgement).toMatchObject({ decision: 'PROCEED', best: 'A', warnings: [] });
    expect(bestStanding(judgement)?.item).toBe('improve-a');
  });

  it('blocks without an eligible candidate, and says of each why', async () => {
    const judgement = await judged(with_({}, { broken: ['one'] }));
    expect(judgement).toMatchObject({ decision: 'BLOCK', best: null });
    expect(judgement.criteria[0]).toMatchObject({
      id: 'tests.critical',
      met: false,
      evidence: 'improve-a: 1 test broken: one.',
    });
    expect(bestStanding(judgement)).toBeUndefined();
    expect((await judged(analysis())).decision).toBe('BLOCK');
  });

  it('blocks a candidate that brings a secret in, and asks for the one that would be delivered', async () => {
    const asked: string[] = [];
    const judgement = await judged(good(), {
      secretsOf: async ({ item }) => {
        asked.push(item);
        return { ok: false, says: 'lib/a.js:3 (aws)' };
      },
    });
    expect(asked).toEqual(['improve-a']);
    expect(judgement.decision).toBe('BLOCK');
    expect(judgement.criteria[1]).toMatchObject({
      id: 'security.high-risk',
      met: false,
      evidence: 'lib/a.js:3 (aws)',
    });
  });

  it('blocks where one could not go back', async () => {
    expect((await judged(good(), { rollback: { ok: false, says: 'Gone.' } })).decision).toBe('BLOCK');
  });

  it('blocks with a critical conflict that is open', async () => {
    expect((await judged([...good(), collected('code', code({ files: [] }))])).decision).toBe('BLOCK');
  });

  it.each([
    [
      'tests that fail as before',
      with_(
        { baseline: tests({ one: 'pass', two: 'fail' }, 1) },
        { tests: tests({ one: 'pass', two: 'fail' }, 1) },
      ),
      '1 test that failed before',
    ],
    [
      'tests that are skipped now',
      with_({}, { tests: tests({ one: 'pass', two: 'pass', three: 'skip' }) }),
      'before it was 0',
    ],
    [
      'tests that reach little',
      with_(
        { coverage: { lines: 1, functions: 42, branches: 1 } },
        { coverage: { lines: 1, functions: 42, branches: 1 } },
      ),
      'reach 42 %',
    ],
    [
      'coverage that is not known',
      with_({}, { coverage: { lines: null, functions: null, branches: null } }),
      'Coverage was not counted',
    ],
    [
      'coverage that fell',
      with_({}, { coverage: { lines: 1, functions: 88, branches: 1 } }),
      'fell from 90 % to 88 %',
    ],
    [
      'a licence that is not documented',
      with_({ licenses: { declared: null, valid: false, files: [], dependencies: [] } }),
      'declares none',
    ],
    [
      'secrets of the subject',
      with_({ secrets: [{ rule: 'aws', file: 'a', line: 1, keyedHash: 'x' }] }),
      '1 place',
    ],
    [
      'a large deletion',
      with_({}, { change: { files: 1, linesAdded: 0, linesRemoved: 30, largestDeletion: 30 } }),
      'deletes 30 lines',
    ],
    [
      'no change',
      with_({}, { change: { files: 0, linesAdded: 0, linesRemoved: 0, largestDeletion: 0 } }),
      'changes nothing',
    ],
    [
      'more findings',
      with_({}, { findings: { all: 5, byTool: { biome: 5, oxlint: 0 }, byFile: [] } }),
      '5 findings; the subject had 4',
    ],
  ])('warns once of %s', async (_, arrived, warning) => {
    expect((await judged(arrived)).warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('warns once of items without a result, and names them', async () => {
    const unfinished = [
      { item: 'improve-b', status: 'failed' as const, code: 'SandboxLimit' },
      { item: 'validate-b', status: 'skipped' as const, code: 'SandboxLimit' },
    ];
    expect((await judged(good(), { unfinished })).warnings).toEqual([
      '2 items without a result: improve-b (SandboxLimit), validate-b (SandboxLimit).',
    ]);
  });
});

describe('the judgement of what is delivered', () => {
  const modelD = (change: Partial<Delivered> = {}): Delivered => ({
    candidate: 'D',
    item: 'merge',
    strategy: 'merge',
    agent: 'heptad',
    workspace: digestOf('model D'),
    validation: validation({ findings: { all: 0, byTool: { biome: 0, oxlint: 0 }, byFile: [] } }),
    verification: { checks: 2, ok: 2 },
    ...change,
  });
  const ofD = (change: Partial<Delivered> = {}, other: Partial<Judged> = {}) =>
    judgeDelivered({ ...whole(good()), ...other }, modelD(change));

  it('has the criteria of the judgement before, and its standing beside those of the candidates', async () => {
    const [before, judgement] = [await judged(), await ofD()];
    expect(judgementSchema.parse(judgement)).toEqual(judgement);
    expect(judgement.criteria.map(({ id }) => id)).toEqual(before.criteria.map(({ id }) => id));
    expect(judgement).toMatchObject({ decision: 'PROCEED', best: 'D', warnings: [] });
    expect(judgement.standings.slice(0, -1)).toEqual(before.standings);
    expect(bestStanding(judgement)).toMatchObject({ item: 'merge', strategy: 'merge', fitness: 0.885 });
  });

  it('blocks where it breaks a test, whatever the candidates do', async () => {
    const judgement = await ofD({ validation: validation({ broken: ['one'] }) });
    expect(judgement).toMatchObject({ decision: 'BLOCK', best: null });
    expect(judgement.criteria[0]).toMatchObject({ met: false, evidence: 'merge: 1 test broken: one.' });
  });

  it('asks for the secrets of its own workspace', async () => {
    const asked: string[] = [];
    const judgement = await ofD(
      {},
      {
        secretsOf: async ({ workspace }) => {
          asked.push(workspace);
          return { ok: false, says: 'lib/a.js:3 (aws)' };
        },
      },
    );
    expect(asked).toEqual([digestOf('model D')]);
    expect(judgement.decision).toBe('BLOCK');
  });

  it('warns of its own change', async () => {
    const change = { files: 1, linesAdded: 0, linesRemoved: 40, largestDeletion: 40 };
    expect((await ofD({ validation: validation({ change }) })).warnings).toEqual([
      'It deletes 40 lines in one place, which tests may not see.',
    ]);
  });

  it('is that of the candidate itself where the candidate is delivered', async () => {
    const best = bestStanding(await judged());
    if (!best?.measurements) throw new Error('There is no best candidate.');
    const { candidate: letter, item, strategy, agent, workspace, measurements } = best;
    const { verification } = measurements;
    const delivered = { candidate: letter, item, strategy, agent, workspace, verification };
    expect(await ofD({ ...delivered, validation: validation() })).toEqual(await judged());
  });
});
