import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnfinishedItem } from '../../../libs/contracts/graph.js';
import type { Checkpoint } from '../../../libs/contracts/reports/synthesis.js';
import { checkpointOutcome, consolidationOutcome } from '../../../libs/synthesis/barrier-outcome.js';
import { byMatrix } from '../../../libs/synthesis/checkpoint.js';
import { agent, Barriers, barrierItem, templateOf } from './barriers.js';

const criterion = (id: string, expression: string) => ({ id, says: `About ${id}.`, expression });

async function gate(
  expression: string,
  outcomes: Readonly<Record<string, unknown>>,
  unfinished: readonly UnfinishedItem[] = [],
  input: Record<string, unknown> = {},
): Promise<Checkpoint> {
  const work = { kind: 'checkpoint', criteria: [criterion('one', expression)] };
  const barriers = await Barriers.of(
    templateOf(agent('look'), agent('more'), barrierItem('gate', work, ['look', 'more'])),
    input,
  );
  return checkpointOutcome(barriers.store, await barriers.given('gate', outcomes, unfinished));
}

const skipped: UnfinishedItem = { item: 'more', status: 'skipped', code: 'ConditionFalse' };
const failed: UnfinishedItem = { item: 'more', status: 'failed', code: 'AgentFailed' };
const waived = { by: 'ada', reason: 'It is known.' };
const both = { look: { security: { highRisk: 0 } }, more: {} };

describe('criteria that a template gives as conditions', () => {
  test.each([
    ['look.security.highRisk == 0', both, true, 'look.security.highRisk is 0.'],
    ['look.security.highRisk > 0', both, false, 'look.security.highRisk is 0.'],
    ['look.security.low == 0', both, false, 'It cannot be said: look.security.low is not there.'],
    ["look.status == 'completed'", both, true, "look.status is 'completed'."],
    ['look.accepted == true', both, true, 'look.accepted is true.'],
    ['EXISTS look.security', both, true, 'look.security is true.'],
  ])('%s', async (expression, outcomes, met, evidence) => {
    const { criteria, passed } = await gate(expression, outcomes);
    expect(criteria).toEqual([{ id: 'one', says: 'About one.', met, evidence }]);
    expect(passed).toBe(met);
  });

  test('see how an item ended that has no result', async () => {
    const outcome = await gate("more.status == 'skipped' OR more.broken == 0", { look: {} }, [skipped]);
    expect(outcome).toMatchObject({
      passed: true,
      criteria: [{ evidence: "more.status is 'skipped', more.broken is not there." }],
    });
    expect(await gate("more.code == 'ConditionFalse'", { look: {} }, [skipped])).toMatchObject({
      passed: true,
    });
  });

  test('see the input of the run', async () => {
    const asks = 'EXISTS input.approval.by';
    expect((await gate(asks, both, [], { approval: { by: 'ada' } })).passed).toBe(true);
    expect(await gate(asks, both)).toMatchObject({
      passed: false,
      criteria: [{ evidence: 'input.approval.by is not there.' }],
    });
  });

  test('never let the work go on without a result that nobody waived', async () => {
    const without = await gate('look.fine == true', { look: { fine: true } }, [failed]);
    expect(without).toMatchObject({
      passed: false,
      criteria: [
        { id: 'all-completed', evidence: 'Missing: more (agent.more, AgentFailed).' },
        { met: true },
      ],
    });
    const decided = await gate('look.fine == true', { look: { fine: true } }, [{ ...failed, waived }]);
    expect(decided).toMatchObject({ passed: true, criteria: [{ id: 'one' }] });
  });

  test('do not take a name that there is not for a criterion', () => {
    const work = { kind: 'checkpoint', criteria: ['all-completed', 'all-is-well'] };
    expect(() => templateOf(agent('look'), barrierItem('gate', work, ['look']))).toThrow(/strategy-defined/);
  });
});

test('what was added since the plan is consolidated, and missed where it has no result', async () => {
  const barriers = await Barriers.of(
    templateOf(agent('look'), barrierItem('together', { kind: 'consolidation' }, ['look'])),
  );
  const [look] = barriers.graph.items;
  if (!look) throw new Error('There is no item.');
  const added = ['look-repair', 'look-other'].map((id) => ({ ...look, id }));
  const given = await barriers.given('together', { look: {}, 'look-repair': {} }, [
    { item: 'look-other', status: 'failed', code: 'AgentFailed' },
  ]);
  const { inputs, lacking } = await consolidationOutcome(barriers.store, { ...given, added });
  expect(inputs.map(({ item }) => item)).toEqual(['look', 'look-repair']);
  expect(lacking).toMatchObject([{ item: 'look-other', agent: 'agent.look', code: 'AgentFailed' }]);
});

describe('the decision matrix', () => {
  const names = ['tests', 'security', 'rollback'];
  const decide = (unmet: readonly string[], warnings: number) =>
    byMatrix([
      ...names.map((id) => ({ id, says: id, met: !unmet.includes(id), evidence: id })),
      ...Array.from({ length: 7 }, (_, n) => ({ id: `w${n}`, says: 'w', met: n >= warnings, evidence: 'w' })),
    ]);

  test.each([
    [0, 'PROCEED', true],
    [2, 'PROCEED', true],
    [3, 'CONDITIONAL_PROCEED', true],
    [4, 'CONDITIONAL_PROCEED', true],
    [5, 'BLOCK', false],
    [7, 'BLOCK', false],
  ])('says of %i warnings: %s', (warnings, decision, passed) => {
    const found = decide([], warnings);
    expect(found).toMatchObject({ decision, passed });
    expect(found.warnings).toHaveLength(warnings);
  });

  test.each(names)('blocks without %s, however few warnings there are', (name) => {
    expect(decide([name], 0)).toMatchObject({ decision: 'BLOCK', passed: false, warnings: [] });
    const others = names.filter((one) => one !== name);
    expect(byMatrix(others.map((id) => ({ id, says: id, met: true, evidence: id }))).decision).toBe('BLOCK');
  });

  test('blocks where a result is missing', async () => {
    const work = {
      kind: 'checkpoint',
      decides: 'matrix',
      criteria: names.map((name) => criterion(name, 'look.fine == true')),
    };
    const barriers = await Barriers.of(
      templateOf(agent('look'), agent('more'), barrierItem('gate', work, ['look', 'more'])),
    );
    const outcomeOf = async (outcomes: Record<string, unknown>, unfinished: UnfinishedItem[]) =>
      checkpointOutcome(barriers.store, await barriers.given('gate', outcomes, unfinished));
    expect((await outcomeOf({ look: { fine: true }, more: {} }, [])).decision).toBe('PROCEED');
    expect((await outcomeOf({ look: { fine: true } }, [failed])).decision).toBe('BLOCK');
  });
});

describe('a consolidation', () => {
  const template = templateOf(
    agent('late', { priority: 'low' }),
    agent('plain'),
    agent('also'),
    agent('first', { priority: 'critical' }),
    barrierItem('all', { kind: 'consolidation' }, ['late', 'plain', 'also', 'first']),
  );

  test('takes its inputs in the order of their priority, then of the graph, whatever order they came in', async () => {
    const barriers = await Barriers.of(template);
    const results = await Promise.all(
      ['late', 'plain', 'also', 'first'].map((item) => barriers.result(item, { says: item })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(results, { minLength: 4 }),
        fc.subarray(results),
        async (came, again) => {
          const outcome = await consolidationOutcome(
            barriers.store,
            barriers.input('all', [...came, ...again]),
          );
          expect(outcome.inputs.map(({ item, agent: by }) => `${item} by ${by}`)).toEqual([
            'first by agent.first',
            'plain by agent.plain',
            'also by agent.also',
            'late by agent.late',
          ]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('names who is missing with agent and code, and who decided to do without', async () => {
    const barriers = await Barriers.of(template);
    const { missing, lacking, notNeeded } = await consolidationOutcome(
      barriers.store,
      await barriers.given('all', { first: {} }, [
        { item: 'late', status: 'timeout', code: 'CollectionExpired' },
        { item: 'plain', status: 'skipped', code: 'SkippedByPerson', waived },
        { item: 'also', status: 'skipped', code: 'ConditionFalse' },
      ]),
    );
    expect(missing).toEqual(['late', 'plain']);
    expect(lacking).toEqual([
      { item: 'late', agent: 'agent.late', code: 'CollectionExpired', waived: null },
      { item: 'plain', agent: 'agent.plain', code: 'SkippedByPerson', waived },
    ]);
    expect(notNeeded).toEqual(['also']);
  });
});
