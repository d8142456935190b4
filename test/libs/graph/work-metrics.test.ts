import { describe, expect, it } from 'vitest';
import type { ItemStatus } from '../../../libs/contracts/graph.js';
import { countWork, workMetrics } from '../../../libs/graph/work-metrics.js';
import { workOfExecution } from '../../../libs/graph/work-of-execution.js';
import { graph, item, result, Stepped } from './graphs.js';

const counted = (category: string, status: ItemStatus, code: string | null = null, discoveries = 0) => ({
  category,
  status,
  code,
  discoveries,
});

describe('the metrics of work', () => {
  it('follow each change of the state', () => {
    const stepped = new Stepped(
      graph([item('look'), item('mend', { category: 'implementation', after: ['look'] })], { parallel: 1 }),
    );
    expect(workMetrics(stepped.state)).toEqual({
      total_discoveries: 0,
      completed_work: 0,
      active_categories: ['analysis'],
      blocked_work: 0,
      categories: {
        analysis: { completed: 0, active: 1, pending: 0, failed: 0 },
        implementation: { completed: 0, active: 0, pending: 1, failed: 0 },
      },
    });
    stepped.take({ kind: 'succeeded', item: 'look', result: { ...result('look'), discoveries: 3 }, at: '' });
    expect(workMetrics(stepped.state)).toMatchObject({
      total_discoveries: 3,
      completed_work: 1,
      active_categories: ['implementation'],
    });
    stepped.fail('mend');
    expect(workMetrics(stepped.state)).toMatchObject({
      completed_work: 1,
      active_categories: [],
      categories: { implementation: { completed: 0, active: 0, pending: 0, failed: 1 } },
    });
  });

  it('count what waits for a person as blocked and not as active, and leave out what nobody misses', () => {
    const metrics = countWork([
      counted('validation', 'awaiting_review', null, 2),
      counted('validation', 'blocked', 'AgentFailed'),
      counted('validation', 'skipped', 'ConditionFalse'),
      counted('validation', 'skipped', 'SkippedByPerson'),
    ]);
    expect(metrics).toEqual({
      total_discoveries: 0,
      completed_work: 0,
      active_categories: [],
      blocked_work: 2,
      categories: { validation: { completed: 0, active: 0, pending: 2, failed: 1 } },
    });
  });

  it('name at the end the categories of which something completed and nothing is left', () => {
    const items = [item('look'), item('mend', { category: 'implementation' })];
    const work = workOfExecution({
      kind: 'execution',
      graph: graph(items),
      results: [{ ...result('look'), discoveries: 2 }],
      unfinished: [{ item: 'mend', status: 'failed', code: 'AgentFailed' }],
    });
    expect(work).toMatchObject({ total_discoveries: 2, completed_work: 1 });
    expect(work.complete).toEqual({ categories_completed: ['analysis'], total_work_items: 2 });
  });
});
