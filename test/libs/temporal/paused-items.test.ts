import { expect, test } from 'vitest';
import { itemStatuses } from '../../../libs/contracts/graph.js';
import { pausedItems } from '../../../libs/temporal/paused-items.js';

test('in a run that is paused, what would run is paused; what waits for others or for people, or has ended, is as it was', () => {
  const items = itemStatuses.map((status) => ({
    ...{ id: status, title: status, category: 'analysis', status },
    ...{ agent: null, candidate: null, summary: null, code: null },
    ...{ startedAt: null, endedAt: null, progress: null },
  }));
  const held = pausedItems(items).filter(({ id, status }) => id !== status);
  expect(held.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'ready paused',
    'running paused',
    'retrying paused',
  ]);
});
