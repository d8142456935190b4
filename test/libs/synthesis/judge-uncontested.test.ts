import { describe, expect, test } from 'vitest';
import { handedOn, hasCandidates } from '../../../libs/synthesis/handed-on.js';
import { judge } from '../../../libs/synthesis/judge.js';
import { readJudged } from '../../../libs/synthesis/read-judged.js';
import { plainRun } from '../../support/plain-run.js';
import { collected, validation } from './reports.js';

const criterionIn = async (options: Parameters<typeof plainRun>[0], id: string) =>
  (await plainRun(options)).judgement.criteria.find((one) => one.id === id);

describe('a run that changes nothing', () => {
  test('proceeds by what was done, and says that no test and no secret is at stake', async () => {
    const { judgement } = await plainRun();
    expect(judgement).toMatchObject({ decision: 'PROCEED', warnings: [], standings: [], best: null });
    expect(judgement.criteria.map(({ id, evidence }) => [id, evidence])).toEqual([
      ['tests.critical', 'Nothing is changed, so no test is at stake.'],
      ['security.high-risk', 'Nothing is changed, so no secret can have come in.'],
      ['rollback.tested', expect.stringContaining('2 files, each read and hashed again.')],
      ['conflicts.critical', '0 conflicts, none critical and open.'],
      ['items.completed', '4 items with a result. Not needed: extra.'],
      ['checkpoints.passed', '1 checkpoint: checkpoint.'],
    ]);
  });

  test('is blocked where an item that was needed has no result', async () => {
    const unfinished = [{ item: 'links', status: 'failed', code: 'AgentFailed' }] as const;
    const { judgement } = await plainRun({ unfinished });
    expect(judgement.decision).toBe('BLOCK');
    expect(judgement.criteria.filter(({ met }) => !met).map(({ id }) => id)).toEqual([
      'items.completed',
      'checkpoints.passed',
    ]);
    expect(judgement.warnings).toEqual(['1 item without a result: links (AgentFailed).']);
  });

  test('goes on with a warning where a person let an item be skipped', async () => {
    const waived = { by: 'person:ada', reason: 'There are no links.' };
    const { judgement } = await plainRun({
      unfinished: [{ item: 'checkpoint', status: 'skipped', code: 'Skipped', waived }],
    });
    expect(judgement.decision).toBe('PROCEED');
    expect(judgement.warnings).toEqual([
      'Skipped by a person: checkpoint by person:ada (There are no links.).',
    ]);
  });

  test('is blocked by a checkpoint that did not pass', async () => {
    const small = await plainRun();
    const judged = await readJudged(small.store, small.refs);
    const arrived = judged.arrived.map((one) =>
      one.report.kind === 'checkpoint' ? { ...one, report: { ...one.report, passed: false } } : one,
    );
    const judgement = await judge({ ...judged, arrived });
    expect(judgement.decision).toBe('BLOCK');
    expect(judgement.criteria.at(-1)).toMatchObject({ met: false, evidence: 'Not passed: checkpoint.' });
  });
});

describe('a run whose items go on with what others handed back', () => {
  test('ends with the workspace of the last of them, which was looked at for secrets', async () => {
    const { judgement, execution } = await plainRun({ shape: 'chain' });
    expect(handedOn(execution).map(({ item }) => item)).toEqual(['polish']);
    expect(judgement).toMatchObject({
      decision: 'PROCEED',
      warnings: ['What polish handed back was not tested.'],
    });
    expect(judgement.criteria.map(({ id, evidence }) => [id, evidence])).toEqual(
      expect.arrayContaining([
        ['security.high-risk', '1 file that differ were scanned; none brings a secret in.'],
        ['one-result', 'It is that of polish.'],
      ]),
    );
  });

  test('is blocked where two ends are left, and says which', async () => {
    const options = { shape: 'chain', apart: ['polish'] } as const;
    expect(await criterionIn(options, 'one-result')).toMatchObject({
      met: false,
      evidence: 'Nobody put together what these handed back: draft, polish.',
    });
    expect((await plainRun(options)).judgement.decision).toBe('BLOCK');
  });

  test('is blocked where the template has tests run and nobody validated it', async () => {
    const small = await plainRun({ shape: 'chain' });
    const judged = await readJudged(small.store, small.refs);
    const judgement = await judge({ ...judged, tests: true });
    expect(judgement.criteria[0]).toMatchObject({ met: false, evidence: 'polish was not validated.' });
  });

  test('is judged by its validation where there is one, and blocked where that speaks against it', async () => {
    const small = await plainRun({ shape: 'chain' });
    const judged = await readJudged(small.store, small.refs);
    const validated = (change: Parameters<typeof validation>[0]) =>
      judge({
        ...judged,
        tests: true,
        arrived: [...judged.arrived, collected('tested', validation(change), { workedOn: 'polish' })],
      });
    const good = await validated({});
    expect(good).toMatchObject({ decision: 'PROCEED', warnings: [] });
    expect(good.criteria[0]).toMatchObject({
      met: true,
      evidence: 'polish: Every test that passed before passes. 2 tests passed.',
    });
    const bad = await validated({ broken: ['one'] });
    expect(bad).toMatchObject({ decision: 'BLOCK' });
    expect(bad.criteria[0]).toMatchObject({ id: 'tests.critical', met: false });
  });

  test('is blocked by a secret that it brings in', async () => {
    const small = await plainRun({ shape: 'chain' });
    const judged = await readJudged(small.store, small.refs);
    const asked: string[] = [];
    const judgement = await judge({
      ...judged,
      secretsOf: async ({ item }) => {
        asked.push(item);
        return { ok: false, says: 'REPORT.md:1 (aws)' };
      },
    });
    expect(asked).toEqual(['polish']);
    expect(judgement).toMatchObject({ decision: 'BLOCK' });
  });
});

test('candidates that were not needed do not compete', async () => {
  const { execution } = await plainRun();
  const graph = {
    ...execution.graph,
    items: execution.graph.items.map((item) => (item.id === 'extra' ? { ...item, candidate: 'A' } : item)),
  };
  expect(hasCandidates({ ...execution, graph })).toBe(false);
  expect(hasCandidates({ graph, unfinished: [] })).toBe(true);
});

describe('what a run hands on', () => {
  const ends = async (change: (execution: Awaited<ReturnType<typeof plainRun>>['execution']) => void) => {
    const { execution } = await plainRun({ shape: 'chain', apart: ['polish'] });
    const changed = structuredClone(execution);
    change(changed);
    return handedOn(changed).map(({ item }) => item);
  };

  test('is not what another item is made of', async () => {
    expect(
      await ends(({ graph }) => {
        const polish = graph.items.find(({ id }) => id === 'polish');
        if (polish) polish.rules = { merges: ['draft'] };
      }),
    ).toEqual(['polish']);
  });

  test('is not what stood in for another item', async () => {
    expect(
      await ends(({ results }) => {
        const polish = results.find(({ item }) => item === 'polish');
        if (polish) polish.standIn = 'draft';
      }),
    ).toEqual(['polish']);
  });
});
