import { expect, test } from 'vitest';
import type { ItemStatus } from '../../../libs/contracts/graph.js';
import { closedItems } from '../../../libs/temporal/closed-items.js';

const startedAt = '2026-01-01T00:00:00.000Z';
const endedAt = '2026-01-01T00:00:09.000Z';

const item = (id: string, status: ItemStatus, changes: { code?: string; endedAt?: string } = {}) => ({
  id,
  title: id,
  category: 'analysis',
  status,
  agent: null,
  candidate: null,
  summary: null,
  code: null,
  startedAt,
  endedAt: null,
  progress: null,
  ...changes,
});

const settled = [
  item('done', 'completed', { endedAt: startedAt }),
  item('broken', 'failed', { code: 'AgentFailed', endedAt: startedAt }),
  item('left', 'skipped', { code: 'NoAgent' }),
];
const openStatuses = ['pending', 'ready', 'running', 'retrying', 'awaiting_review', 'blocked'] as const;
const open = openStatuses.map((status) => item(status, status));

test.each([
  ['cancelled', 'cancelled', 'Cancelled', null],
  ['terminated', 'cancelled', 'Terminated', null],
  ['timed-out', 'timeout', 'TimedOut', null],
  ['failed', 'skipped', 'WorkerStopping', { code: 'WorkerStopping', message: 'It stopped.' }],
] as const)('of an execute that was %s, what was not settled is %s', (state, status, code, failure) => {
  expect(closedItems([...settled, ...open], { state, failure, endedAt })).toEqual([
    ...settled,
    ...open.map((one) => ({ ...one, status, code, endedAt })),
  ]);
});

test('the items of an execute that goes on stay as they are', () => {
  const items = [...settled, ...open];
  expect(closedItems(items, { state: 'running', failure: null, endedAt: null })).toEqual(items);
});
