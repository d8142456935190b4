import { describe, expect, it } from 'vitest';
import { initial, inputsOf, itemViews, results, step, unfinished } from '../../../libs/graph/schedule.js';
import { agent, candidate, graph, item, result, Stepped } from './graphs.js';

describe('what is ready', () => {
  it('starts at once, without waiting for its neighbours', () => {
    const run = new Stepped(graph([item('a'), item('b'), item('c', { after: ['a'] })]));
    expect(run.started).toEqual(['a', 'b']);
    expect(run.done('a')).toEqual(['c']);
  });

  it('waits while as many run as may run at once', () => {
    const run = new Stepped(graph([item('a'), item('b'), item('c')], { parallel: 2 }));
    expect(run.started).toEqual(['a', 'b']);
    expect(run.done('b')).toEqual(['c']);
  });

  it('ends an empty graph at once', () => {
    expect(new Stepped(graph([])).started).toEqual(['finish']);
  });

  it('finishes once, when the last item is settled', () => {
    const run = new Stepped(graph([item('a'), item('b')]));
    expect(run.done('a')).toEqual([]);
    expect(run.done('b')).toEqual(['finish']);
    expect(run.done('b')).toEqual([]);
  });

  it('is commanded again under the same occurrence where a workflow goes on with nothing in flight', () => {
    const run = new Stepped(graph([item('a'), item('b', { after: ['a'] })]));
    expect(run.take({ kind: 'begun' })).toEqual(['a']);
    run.done('a');
    expect(run.take({ kind: 'begun' })).toEqual(['b']);
  });
});

describe('an agent that fails', () => {
  const withBackups = graph([
    item('a', { agents: [agent('first'), agent('second')] }),
    item('b', { after: ['a'] }),
  ]);

  it('is followed by its backup, as another occurrence', () => {
    const run = new Stepped(withBackups);
    expect(run.fail('a')).toEqual(['a.2']);
    expect(run.commands.at(-1)).toMatchObject({ agent: { id: 'second' }, occurrence: 2 });
    expect(itemViews(run.state)[0]).toMatchObject({ status: 'running', agent: 'second', code: null });
  });

  it('has failed its item, and skipped what depends on it, after the last backup', () => {
    const run = new Stepped(withBackups);
    run.fail('a');
    expect(run.fail('a', 'SandboxLimit')).toEqual(['finish']);
    expect(unfinished(run.state)).toEqual([
      { item: 'a', status: 'failed', code: 'SandboxLimit' },
      { item: 'b', status: 'skipped', code: 'SandboxLimit' },
    ]);
  });

  it('gives its place to its backup before later items', () => {
    const run = new Stepped(graph([...withBackups.items, item('c')], { parallel: 1 }));
    expect(run.fail('a')).toEqual(['a.2']);
  });
});

describe('a barrier', () => {
  const barred = graph([
    item('a'),
    item('b'),
    item('all', { kind: 'consolidation', after: ['a', 'b'] }),
    item('gate', { kind: 'checkpoint', after: ['all'] }),
    item('work', { after: ['gate'] }),
    item('late', { kind: 'consolidation', after: ['work'] }),
  ]);

  it('waits until everything before it is settled, and gets what failed as missing', () => {
    const run = new Stepped(barred);
    expect(run.done('a')).toEqual([]);
    expect(run.fail('b')).toEqual(['all']);
    const all = run.state.graph.items.find(({ id }) => id === 'all');
    expect(all && inputsOf(run.state, all)).toEqual({
      results: [result('a')],
      missing: ['b'],
      waived: [],
    });
  });

  it('that does not pass skips everything behind it, other barriers included', () => {
    const run = new Stepped(barred);
    run.done('a');
    run.done('b');
    run.done('all');
    expect(run.done('gate', false)).toEqual(['finish']);
    expect(run.status('work')).toBe('skipped: CheckpointNotPassed');
    expect(run.status('late')).toBe('skipped: CheckpointNotPassed');
    expect(run.status('gate')).toBe('completed');
  });

  it('that passes opens the way', () => {
    const run = new Stepped(barred);
    for (const id of ['a', 'b', 'all']) run.done(id);
    expect(run.done('gate')).toEqual(['work']);
  });
});

describe('a candidate', () => {
  it('that fails takes only its own chain out', () => {
    const report = item('report', { after: ['validate-a', 'validate-b'] });
    const run = new Stepped(graph([...candidate('A'), ...candidate('B'), report]));
    run.fail('improve-a');
    expect(run.status('validate-a')).toBe('skipped: AgentFailed');
    expect(run.done('improve-b')).toEqual(['validate-b']);
    expect(run.done('validate-b')).toEqual(['report']);
  });

  it('that fails takes out what works on its workspace, though it is of no candidate', () => {
    const polish = item('polish', { after: ['improve-a', 'improve-b'], workspace: 'improve-a' });
    const run = new Stepped(graph([...candidate('A'), ...candidate('B'), polish]));
    run.fail('improve-a');
    expect(run.status('polish')).toBe('skipped: AgentFailed');
  });

  it('leaves nothing to work on where all of them fail', () => {
    const report = item('report', { after: ['improve-a', 'improve-b'] });
    const run = new Stepped(graph([...candidate('A'), ...candidate('B'), report]));
    run.fail('improve-a');
    expect(run.fail('improve-b')).toEqual(['finish']);
    expect(run.status('report')).toBe('skipped: AgentFailed');
  });

  it('that its validation rejects is repaired from the captured subject and validated again', () => {
    const run = new Stepped(graph([item('base'), ...candidate('A', ['base'])], { repairs: 3 }));
    run.done('base');
    run.done('improve-a');
    expect(run.done('validate-a', false)).toEqual(['improve-a-repair']);
    const [repair, validation] = run.state.graph.items.slice(-2);
    expect(repair).toMatchObject({
      id: 'improve-a-repair',
      repairs: 'improve-a',
      workspace: null,
      candidate: 'A',
      body: 'improve-a',
      after: ['base', 'improve-a', 'validate-a'],
      agents: [agent('improve-a-agent')],
    });
    expect(validation).toMatchObject({
      id: 'validate-a-repair',
      workspace: 'improve-a-repair',
      after: ['improve-a-repair'],
      repairs: null,
    });
    expect(run.done('improve-a-repair')).toEqual(['validate-a-repair']);
    expect(run.done('validate-a-repair')).toEqual(['finish']);
    expect(run.state.graph.repairs).toBe(2);
  });

  it('is repaired once only', () => {
    const run = new Stepped(graph(candidate('A'), { repairs: 3 }));
    run.done('improve-a');
    run.done('validate-a', false);
    run.done('improve-a-repair');
    expect(run.done('validate-a-repair', false)).toEqual(['finish']);
    expect(run.state.graph.items).toHaveLength(4);
  });

  it('is not repaired beyond the budget', () => {
    const run = new Stepped(graph([...candidate('A'), ...candidate('B')], { repairs: 1 }));
    run.done('improve-a');
    run.done('improve-b');
    expect(run.done('validate-a', false)).toEqual(['improve-a-repair']);
    expect(run.done('validate-b', false)).toEqual([]);
  });

  it('has every validation of it repeated on the repaired one, in their order', () => {
    const second = item('stress-a', {
      category: 'validation',
      candidate: 'A',
      workspace: 'improve-a',
      after: ['improve-a', 'validate-a'],
    });
    const run = new Stepped(graph([...candidate('A'), second], { repairs: 1 }));
    run.done('improve-a');
    run.done('validate-a', false);
    expect(run.state.graph.items.find(({ id }) => id === 'stress-a-repair')).toMatchObject({
      after: ['improve-a-repair', 'validate-a-repair'],
      workspace: 'improve-a-repair',
    });
  });

  it('lets a barrier behind its validation wait for the repaired one, too', () => {
    const end = item('end', { kind: 'consolidation', after: ['validate-a'] });
    const run = new Stepped(graph([...candidate('A'), end], { repairs: 1 }));
    run.done('improve-a');
    expect(run.done('validate-a', false)).toEqual(['improve-a-repair']);
    run.done('improve-a-repair');
    expect(run.done('validate-a-repair')).toEqual(['end']);
  });
});

describe('a discovery', () => {
  const base = () => new Stepped(graph([item('a'), item('b')]));

  it('adds items that wait for what they name', () => {
    const run = base();
    expect(
      run.take({ kind: 'discovered', by: 'a', items: [item('c', { after: ['b'] }), item('d')] }),
    ).toEqual(['d']);
    expect(run.done('b')).toEqual(['c']);
  });

  it.each([
    ['an id that is taken', [item('b')], 'another item'],
    ['an unknown dependency', [item('c', { after: ['nobody'] })], 'nobody, which is not an item'],
    ['a circle', [item('c', { after: ['d'] }), item('d', { after: ['c'] })], 'c -> d -> c'],
    ['a workspace that it does not wait for', [item('c', { workspace: 'a' })], 'does not come after it'],
    [
      'more items than a graph may have',
      Array.from({ length: 4999 }, (_, n) => item(`n${n}`)),
      'at most 5000',
    ],
  ])('is refused whole for %s, with the reason', (_, items, reason) => {
    const run = base();
    expect(run.take({ kind: 'discovered', by: 'a', items: [item('fine'), ...items] })).toEqual([]);
    expect(run.state.refused).toEqual([{ by: 'a', reason: expect.stringContaining(reason) }]);
    expect(run.state.graph.items).toHaveLength(2);
  });

  it('is refused after the end, as a follow-up', () => {
    const run = base();
    run.done('a');
    run.done('b');
    expect(run.take({ kind: 'discovered', by: 'a', items: [item('c')] })).toEqual([]);
    expect(run.state.refused[0]?.reason).toContain('follow-up');
  });
});

describe('what people see', () => {
  it('is each item with its agent, times, summary and code', () => {
    const run = new Stepped(graph([item('a'), item('b', { after: ['a'] })]));
    run.take({ kind: 'started', item: 'a', at: '2026-01-01T00:00:00.000Z' });
    expect(itemViews(run.state)).toEqual([
      {
        id: 'a',
        title: 'a',
        category: 'analysis',
        status: 'running',
        agent: 'a-agent',
        candidate: null,
        summary: null,
        code: null,
        startedAt: '2026-01-01T00:00:00.000Z',
        endedAt: null,
      },
      expect.objectContaining({ id: 'b', status: 'pending', agent: null, startedAt: null }),
    ]);
    run.done('a');
    expect(itemViews(run.state)[0]).toMatchObject({
      status: 'completed',
      summary: 'a done',
      endedAt: 'later',
    });
    expect(results(run.state)).toEqual([result('a')]);
  });
});

it('settles items that wait for each other, where the edge let them through', () => {
  const circle = graph([item('a', { after: ['b'] }), item('b', { after: ['a'] })]);
  const { state, commands } = step(initial(circle), { kind: 'begun' });
  expect(commands).toEqual([{ kind: 'finish' }]);
  expect(unfinished(state).map(({ status, code }) => `${status} ${code}`)).toEqual([
    'skipped InputInvalid',
    'skipped InputInvalid',
  ]);
});

it('steps through thousands of items in an order from last to first', () => {
  const chain = Array.from({ length: 3000 }, (_, n) =>
    item(`n${n}`, { after: n === 2999 ? [] : [`n${n + 1}`] }),
  );
  const run = new Stepped(graph(chain));
  expect(run.fail('n2999')).toEqual(['finish']);
  expect(unfinished(run.state)).toHaveLength(3000);
});
