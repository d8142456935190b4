import { describe, expect, it } from 'vitest';
import { type AgentManifest, agentManifestSchema } from '../../../libs/contracts/agent.js';
import { layers } from '../../../libs/contracts/request.js';
import type { AgentHealth } from '../../../libs/evidence/agent-health.js';
import { expandTemplate, type PlannedItem } from '../../../libs/graph/expand.js';
import { type Choosing, chooseAgents } from '../../../libs/registry/choose-agents.js';
import { concurrentItems } from '../../../libs/registry/concurrent-items.js';
import { roster } from '../../../libs/roster/roster.js';
import { findTemplate } from '../../../libs/templates/load.js';

const agent = (id: string, change: Partial<AgentManifest> = {}): AgentManifest =>
  agentManifestSchema.parse({
    ...roster[0],
    id,
    capabilities: ['do'],
    layer: 'specialist',
    capacity: 4,
    ...change,
  });

const item = (id: string, after: string[] = [], capability: string | null = 'do'): PlannedItem => ({
  id,
  title: id,
  category: 'analysis',
  kind: capability === null ? 'consolidation' : 'agent',
  body: id,
  after,
  workspace: null,
  candidate: null,
  timeoutMs: 1,
  repairs: null,
  capability,
});

const choose = (agents: readonly AgentManifest[], change: Partial<Choosing> = {}) =>
  chooseAgents({ items: [item('one')], roster: agents, health: new Map(), layers, parallel: 10, ...change });

const order = (agents: readonly AgentManifest[], change: Partial<Choosing> = {}): string[] =>
  (choose(agents, change)[0]?.agents ?? []).map(({ id }) => id);

const health = (of: Record<string, AgentHealth>) => new Map(Object.entries(of));

describe('the choice of agents', () => {
  it('takes those with the capability, and no others', () => {
    expect(order([agent('b'), agent('a', { capabilities: ['other', 'doing'] })])).toEqual(['b']);
  });

  it('orders by health, then expertise, then how specific they are, then id', () => {
    expect(
      order(
        [
          agent('z-specific'),
          agent('a-general', { capabilities: ['do', 'more'] }),
          agent('a-micro', { layer: 'micro' }),
          agent('a-degraded'),
          agent('y-specific'),
        ],
        { health: health({ 'a-degraded': 'degraded' }) },
      ),
    ).toEqual(['y-specific', 'z-specific', 'a-general', 'a-micro', 'a-degraded']);
  });

  it('does not take an agent that fails', () => {
    expect(order([agent('a'), agent('b')], { health: health({ a: 'failing' }) })).toEqual(['b']);
  });

  it('takes agents of the routed layers alone', () => {
    expect(order([agent('a', { layer: 'micro' }), agent('b')], { layers: ['micro'] })).toEqual(['a']);
  });

  it('spreads items that run at once by load, and goes no further than 0.8 of the capacity', () => {
    const items = ['1', '2', '3', '4', '5', '6'].map((id) => item(id));
    const agents = [agent('a', { capacity: 4 }), agent('b', { capacity: 2 })];
    const chosen = choose(agents, { items }).map(({ agents: [first] }) => first?.id);
    expect(chosen).toEqual(['a', 'b', 'a', 'a', 'b', 'a']);
    expect(() => choose(agents, { items: [...items, item('7')] })).toThrow(
      expect.objectContaining({
        code: 'NoAgent',
        problems: [
          {
            path: '/7',
            reason: 'do: a would be at 100 % of its capacity, b would be at 100 % of its capacity',
          },
        ],
      }),
    );
  });

  it('does not count items that wait for each other', () => {
    const chain = [item('1'), item('2', ['1']), item('3', ['2'])];
    expect(choose([agent('a', { capacity: 1 })], { items: chain })).toHaveLength(3);
  });

  it('does not count more items than may run at once', () => {
    const items = ['1', '2', '3', '4'].map((id) => item(id));
    expect(choose([agent('a', { capacity: 2 })], { items, parallel: 2 })).toHaveLength(4);
  });

  it('asks nobody for a barrier', () => {
    expect(choose([agent('a')], { items: [item('end', [], null)] })).toEqual([]);
  });

  it('says of every item that nobody can do why', () => {
    const items = [item('1', [], 'fly'), item('2', [], 'swim'), item('3')];
    const agents = [agent('fish', { capabilities: ['swim'], layer: 'board' }), agent('tired')];
    expect(() =>
      choose(agents, { items, layers: ['specialist'], health: health({ tired: 'failing' }) }),
    ).toThrow(
      expect.objectContaining({
        problems: [
          { path: '/1', reason: 'nobody has the capability fly' },
          { path: '/2', reason: 'swim: fish is in the layer board, to which it was not routed' },
          { path: '/3', reason: 'do: tired fails too often' },
        ],
      }),
    );
  });

  it('finds an expert and a backup in the shipped roster for each item of repository-review', () => {
    const { template } = findTemplate('repository-review');
    const choices = choose(roster, { items: expandTemplate(template), parallel: template.parallel });
    expect(choices).toHaveLength(9);
    for (const { agents } of choices)
      expect(agents.map(({ layer }) => layer)).toEqual(['specialist', 'micro']);
    const strategies = choices
      .filter(({ item: id }) => id.startsWith('improve-'))
      .map(({ agents: [first] }) => first?.id);
    expect(new Set(strategies).size).toBe(3);
    const validators = choices
      .filter(({ item: id }) => id.startsWith('validate-'))
      .map(({ agents: [first] }) => first?.id);
    expect(new Set(validators)).toEqual(new Set(['validator']));
  });
});

describe('items that may run at once', () => {
  it('are those of which neither waits for the other, directly or not', () => {
    const at = concurrentItems([item('a'), item('b', ['a']), item('c', ['b']), item('d', ['a'])]);
    const ids = ['a', 'b', 'c', 'd'];
    const others = (id: string): string => ids.filter((other) => at.countWith(id, [other]) === 1).join();
    expect(ids.map((id) => `${id}: ${others(id)}`)).toEqual(['a: ', 'b: d', 'c: d', 'd: b,c']);
    expect(at.countWith('d', ids)).toBe(2);
  });
});
