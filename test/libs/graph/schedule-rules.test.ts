import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../libs/contracts/condition.js';
import type { GraphItem, ItemResult, ItemRules } from '../../../libs/contracts/graph.js';
import { parsedCondition } from '../../../libs/graph/conditions/parsed-condition.js';
import { inputsOf, unfinished } from '../../../libs/graph/schedule.js';
import { agent, graph, item, result, Stepped } from './graphs.js';

const when = (text: string): Expression => parsedCondition(text);

const ruled = (id: string, rules: ItemRules, change: Partial<GraphItem> = {}): GraphItem =>
  item(id, { ...change, rules });

const finished = (
  run: Stepped,
  id: string,
  change: Partial<ItemResult> = {},
  at = '2026-01-01T00:00:00.000Z',
): string[] => run.take({ kind: 'succeeded', item: id, result: { ...result(id), ...change }, at });

describe('a condition', () => {
  const branches = graph([
    item('risk'),
    ruled('high', { condition: when("risk.level == 'HIGH' AND risk.confidence > 0.8") }, { after: ['risk'] }),
    ruled('low', { condition: when("risk.level == 'LOW'") }, { after: ['risk'] }),
    ruled('other', { condition: when("NOT (risk.level IN ['HIGH', 'LOW'])") }, { after: ['risk'] }),
    item('report', { after: ['high', 'low', 'other'] }),
    item('appendix', { after: ['high'] }),
  ]);

  it('starts what it holds for, and skips what it does not hold for', () => {
    const run = new Stepped(branches);
    expect(finished(run, 'risk', { facts: { level: 'HIGH', confidence: 0.9 } })).toEqual(['high']);
    expect(run.status('low')).toBe('skipped: ConditionFalse');
    expect(run.status('other')).toBe('skipped: ConditionFalse');
  });

  it('leaves those that come after several branches to the one that ran', () => {
    const run = new Stepped(branches);
    finished(run, 'risk', { facts: { level: 'LOW' } });
    expect(run.done('low')).toEqual(['report']);
    expect(inputsOf(run.state, item('report', { after: ['high', 'low', 'other'] }))).toMatchObject({
      results: [{ item: 'low' }],
      missing: [],
    });
  });

  it('skips what comes after a skipped item alone', () => {
    const run = new Stepped(branches);
    finished(run, 'risk', { facts: { level: 'LOW' } });
    expect(run.status('appendix')).toBe('skipped: ConditionFalse');
  });

  it('does not hold over a fact that is not there, and neither does its negation', () => {
    const run = new Stepped(branches);
    expect(finished(run, 'risk')).toEqual(['finish']);
    for (const id of ['high', 'low', 'other', 'report'])
      expect(run.status(id)).toBe('skipped: ConditionFalse');
  });

  it('can ask how an item ended', () => {
    const run = new Stepped(
      graph([
        item('a'),
        item('all', { kind: 'consolidation', after: ['a'] }),
        ruled('mourn', { condition: when("a.status == 'failed'") }, { after: ['all'] }),
      ]),
    );
    run.fail('a');
    expect(finished(run, 'all')).toEqual(['mourn']);
  });
});

describe('the ladder of an item', () => {
  const ways = (run: Stepped): string[] =>
    run.commands.flatMap((command) =>
      command.kind === 'start' ? [`${command.item.id} ${command.agent?.id} ${command.how}`] : [],
    );

  it('is climbed in its order, and ends with a person', () => {
    const run = new Stepped(
      graph([
        ruled(
          'a',
          { onFailure: ['narrow', 'backup', 'log', 'person'] },
          { agents: [agent('first'), agent('second')] },
        ),
      ]),
    );
    for (const code of ['AgentFailed', 'AgentFailed', 'SandboxLimit', 'NotDone']) run.fail('a', code);
    expect(ways(run)).toEqual(['a first plain', 'a first narrow', 'a second plain', 'a first log']);
    expect(run.status('a')).toBe('blocked: NotDone');
    const decided = {
      kind: 'decided',
      item: 'a',
      by: 'ada',
      reason: 'The host is back.',
      at: 'now',
    } as const;
    expect(run.take({ ...decided, decision: 'retry' })).toEqual(['a.5']);
    run.fail('a', 'AgentFailed');
    expect(run.take({ ...decided, decision: 'fail' })).toEqual(['finish']);
    expect(run.status('a')).toBe('failed: AgentFailed');
  });

  it('divides the work, and the last part stands for it', () => {
    const run = new Stepped(graph([ruled('a', { onFailure: ['split'] }), item('b', { after: ['a'] })]));
    expect(run.fail('a')).toEqual(['a-part-1']);
    expect(run.status('a')).toBe('retrying: AgentFailed');
    expect(run.done('a-part-1')).toEqual(['a-part-2']);
    expect(run.state.graph.items.find(({ id }) => id === 'a-part-2')).toMatchObject({
      workspace: 'a-part-1',
    });
    expect(run.done('a-part-2')).toEqual(['b']);
    expect(run.state.items.a?.result).toMatchObject({ item: 'a', standIn: 'a-part-2' });
  });

  it('has failed where a part fails', () => {
    const run = new Stepped(graph([ruled('a', { onFailure: ['split'] })]));
    run.fail('a', 'SandboxLimit');
    expect(run.fail('a-part-1')).toEqual(['finish']);
    expect(run.status('a')).toBe('failed: SandboxLimit');
  });
});

describe('a fallback', () => {
  const guarded = graph([
    ruled('a', { fallback: 'plan-b' }),
    ruled('plan-b', { standby: { for: 'a', as: 'fallback' } }),
    item('next', { after: ['a'] }),
  ]);

  it('sleeps where it is not needed', () => {
    const run = new Stepped(guarded);
    expect(run.started).toEqual(['a']);
    expect(run.done('a')).toEqual(['next']);
    expect(run.status('plan-b')).toBe('skipped: NotNeeded');
  });

  it('stands in for what failed, with its result', () => {
    const run = new Stepped(guarded);
    expect(run.fail('a')).toEqual(['plan-b']);
    expect(run.done('plan-b')).toEqual(['next']);
    expect(run.state.items.a).toMatchObject({
      status: 'completed',
      result: { item: 'a', standIn: 'plan-b' },
    });
  });

  it('that fails leaves the first failure', () => {
    const run = new Stepped(guarded);
    run.fail('a', 'SandboxLimit');
    expect(run.fail('plan-b', 'AgentFailed')).toEqual(['finish']);
    expect(run.status('a')).toBe('failed: SandboxLimit');
    expect(run.status('next')).toBe('skipped: SandboxLimit');
  });
});

describe('a recovery', () => {
  const recovering = (mode: 'automatic' | 'manual') =>
    graph([
      ruled('a', { recovery: { items: ['clear', 'fetch'], mode } }),
      ruled('clear', { standby: { for: 'a', as: 'recovery' } }),
      ruled('fetch', { standby: { for: 'a', as: 'recovery' } }, { after: ['clear'] }),
    ]);

  it('is done as a graph of its own, and the item once more after it', () => {
    const run = new Stepped(recovering('automatic'));
    expect(run.fail('a')).toEqual(['clear']);
    expect(run.done('clear')).toEqual(['fetch']);
    expect(run.done('fetch')).toEqual(['a.2']);
    expect(run.fail('a')).toEqual(['finish']);
    expect(run.status('a')).toBe('failed: AgentFailed');
  });

  it('that fails leaves the item failed', () => {
    const run = new Stepped(recovering('automatic'));
    run.fail('a');
    expect(run.fail('clear')).toEqual(['finish']);
    expect(unfinished(run.state).map(({ item: id, status }) => `${id} ${status}`)).toEqual([
      'a failed',
      'clear failed',
      'fetch skipped',
    ]);
  });

  it('waits for a person where it is manual', () => {
    const run = new Stepped(recovering('manual'));
    expect(run.fail('a')).toEqual(['wait a']);
    expect(run.status('a')).toBe('blocked: AgentFailed');
    expect(
      run.take({ kind: 'decided', item: 'a', decision: 'recover', by: 'ada', reason: 'Go on.', at: 'now' }),
    ).toEqual(['clear']);
  });
});

describe('a review', () => {
  const reviewed = graph([
    ruled('a', { review: { when: when('result.confidence < 0.9'), withinMs: 1000 } }),
    item('b', { after: ['a'] }),
  ]);
  const decided = { kind: 'decided', item: 'a', by: 'ada', reason: 'I read it.', at: 'now' } as const;

  it('is not asked for where its condition does not hold', () => {
    expect(finished(new Stepped(reviewed), 'a', { facts: { confidence: 0.95 } })).toEqual(['b']);
  });

  it('holds the result back until a person approves', () => {
    const run = new Stepped(reviewed);
    expect(finished(run, 'a', { facts: { confidence: 0.5 } })).toEqual(['wait a']);
    expect(run.status('a')).toBe('awaiting_review');
    expect(run.take({ ...decided, decision: 'approve' })).toEqual(['b']);
  });

  it('that rejects is a failure of the item', () => {
    const run = new Stepped(reviewed);
    finished(run, 'a', { facts: { confidence: 0.5 } });
    run.take({ ...decided, decision: 'reject' });
    expect(run.status('a')).toBe('failed: ReviewRejected');
  });

  it('that nobody makes in time fails it', () => {
    const run = new Stepped(reviewed);
    finished(run, 'a', { facts: { confidence: 0.5 } });
    run.take({ kind: 'expired', item: 'a', at: 'later' });
    expect(run.status('a')).toBe('failed: ReviewExpired');
    expect(run.status('b')).toBe('skipped: ReviewExpired');
  });
});

describe('a collection', () => {
  const collected = () =>
    new Stepped(
      graph([
        item('a'),
        item('b'),
        ruled('all', { deadlineMs: 300_000 }, { kind: 'consolidation', after: ['a', 'b'] }),
        item('gate', { kind: 'checkpoint', after: ['all'] }),
        item('work', { after: ['all'] }),
      ]),
      '2026-01-01T00:00:00.000Z',
    );

  it('has one time for all of it, from the first item that it waits for', () => {
    expect(collected().started).toEqual(['a', 'wait all', 'b']);
  });

  it('does without what has not come when its time is over, names it, and counts it no more', () => {
    const run = collected();
    run.done('a');
    expect(run.take({ kind: 'expired', item: 'all', at: 'later' })).toEqual(['cancel b', 'all']);
    expect(run.status('b')).toBe('timeout: CollectionExpired');
    expect(inputsOf(run.state, item('all', { after: ['a', 'b'] })).missing).toEqual(['b']);
    expect(run.done('b')).toEqual([]);
    expect(run.status('b')).toBe('timeout: CollectionExpired');
  });

  it('that lacks results stops what is behind it, but for what judges it', () => {
    const run = collected();
    run.done('a');
    run.fail('b');
    expect(run.done('all', false)).toEqual(['gate']);
    expect(run.status('work')).toBe('skipped: ResultsMissing');
  });

  it('goes on with the time that is left where the workflow goes on', () => {
    const run = collected();
    run.take({ kind: 'begun', at: '2026-01-01T00:01:00.000Z' });
    expect(run.commands).toContainEqual({ kind: 'wait', item: 'all', withinMs: 240_000 });
  });
});

describe('a person', () => {
  it('skips an item with a reason, which is no failure for those that come after it', () => {
    const run = new Stepped(graph([item('a'), item('b', { after: ['a'] })]));
    expect(
      run.take({ kind: 'decided', item: 'a', decision: 'skip', by: 'ada', reason: 'Known.', at: 'now' }),
    ).toEqual(['cancel a', 'b']);
    expect(unfinished(run.state)).toEqual([
      { item: 'a', status: 'skipped', code: 'SkippedByPerson', waived: { by: 'ada', reason: 'Known.' } },
    ]);
  });

  it('lets one item, those that are ready, or everything go on', () => {
    const run = new Stepped(
      graph([item('a'), item('b'), item('c'), item('d', { after: ['a'] })]),
      undefined,
      true,
    );
    expect(run.started).toEqual([]);
    expect(run.take({ kind: 'allowed', items: 1, at: 'now' })).toEqual(['a']);
    expect(run.done('a')).toEqual([]);
    expect(run.status('d')).toBe('ready');
    expect(run.take({ kind: 'allowed', items: 'ready', at: 'now' })).toEqual(['b', 'c', 'd']);
    for (const id of ['b', 'c', 'd']) run.done(id);
    expect(run.started.at(-1)).toBe('finish');
  });
});

describe('priority', () => {
  it('decides who is next, and the order of the graph among equals', () => {
    const run = new Stepped(
      graph([item('a'), ruled('b', { priority: 'low' }), item('c'), ruled('d', { priority: 'critical' })], {
        parallel: 1,
      }),
    );
    for (const id of ['d', 'a', 'c', 'b']) run.done(id);
    expect(run.started).toEqual(['d', 'a', 'c', 'b', 'finish']);
  });
});

describe('what an item finds', () => {
  const emergent = graph([item('a')], { consumes: ['analysis'] });

  it('is looked at before the work can end, and becomes work', () => {
    const run = new Stepped(emergent);
    expect(run.done('a')).toEqual(['admit a']);
    expect(
      run.take({ kind: 'discovered', by: 'a', items: [item('a-1', { category: 'x', after: ['a'] })] }),
    ).toEqual(['a-1']);
    expect(run.done('a-1')).toEqual(['finish']);
  });

  it('is looked at again where the workflow goes on before it was', () => {
    const run = new Stepped(emergent);
    run.done('a');
    expect(run.take({ kind: 'begun' })).toEqual(['admit a']);
  });

  it('ends the work where nothing comes of it', () => {
    const run = new Stepped(emergent);
    run.done('a');
    expect(run.take({ kind: 'discovered', by: 'a', items: [] })).toEqual(['finish']);
  });

  it('is a failure, too, but not that of a recovery', () => {
    const run = new Stepped(graph([item('a')], { consumes: [] }));
    expect(run.fail('a')).toEqual(['admit a']);
    const recovers = ruled('r-1', { discovered: { by: 'a', depth: 1, recovers: 'AgentFailed' } });
    run.take({ kind: 'discovered', by: 'a', items: [recovers] });
    expect(run.fail('r-1')).toEqual(['finish']);
  });
});
