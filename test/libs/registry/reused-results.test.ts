import { describe, expect, it } from 'vitest';
import type { ItemResult } from '../../../libs/contracts/graph.js';
import type { Resumption } from '../../../libs/contracts/resumption.js';
import { reusedResults } from '../../../libs/registry/reused-results.js';
import { agent, graph, item, result } from '../graph/graphs.js';

const plan = graph([
  item('look'),
  item('mend', { after: ['look'] }),
  item('join', { kind: 'consolidation', after: ['mend'] }),
]);

const done = (id: string, changes: Partial<ItemResult> = {}): ItemResult => ({
  ...result(id),
  agent: id === 'join' ? null : agent(`${id}-agent`),
  ...changes,
});

function reused(...results: ItemResult[]) {
  const digest = `sha256:${'0'.repeat(64)}` as const;
  const resumption: Resumption = {
    ...{ kind: 'resumption', version: 1, how: 'rollback', run: 'earlier', origin: 'first' },
    ...{ template: digest, point: 'executed', item: null, workspace: null, discoveries: [], state: digest },
    captured: {
      subject: { kind: 'directory', path: '/subject' },
      title: '/subject',
      snapshot: { digest, files: 0, bytes: 0 },
    },
    results,
  };
  return reusedResults(plan, resumption).map(({ item: id, reusedFrom }) => [id, reusedFrom]);
}

describe('results that a plan takes over', () => {
  it('say which run did them, also where that was one before', () => {
    expect(reused(done('look', { reusedFrom: 'first' }), done('mend'), done('join'))).toEqual([
      ['look', 'first'],
      ['mend', 'earlier'],
      ['join', 'earlier'],
    ]);
  });

  it('are not those of an agent that would not be asked today, nor what depends on it', () => {
    expect(reused(done('look'), done('mend', { agent: agent('another') }), done('join'))).toEqual([
      ['look', 'earlier'],
    ]);
  });

  it('are not those of an agent that has become another one under its name', () => {
    const changed = { id: 'look-agent', manifest: `sha256:${'f'.repeat(64)}` as const };
    expect(reused(done('look', { agent: changed }), done('mend'), done('join'))).toEqual([]);
  });
});
