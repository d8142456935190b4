import { expect, test } from 'vitest';
import { kpisSchema } from '../../../libs/contracts/kpis.js';
import { type Executed, type Figures, kpisOf } from '../../../libs/kpis/kpis-of.js';

const time = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds).toISOString();

const ran = (from: number, to: number | null, change: Partial<Executed> = {}): Executed => ({
  startedAt: time(from),
  endedAt: to === null ? null : time(to),
  attempts: 1,
  ended: to === null ? null : 'completed',
  ...change,
});

const quality = { test_coverage: 90, documentation_completeness: null, error_rate: 0 };

const figures = (executions: Record<string, Executed[]>, memoryShares: number[] = []): Figures => ({
  run: 'r1',
  items: [
    { id: 'a', kind: 'agent', category: 'analysis' },
    { id: 'b', kind: 'agent', category: 'analysis' },
    { id: 'all', kind: 'consolidation', category: 'analysis' },
    { id: 'do', kind: 'agent', category: 'implementation' },
    { id: 'test', kind: 'agent', category: 'validation' },
    { id: 'end', kind: 'consolidation', category: 'validation' },
  ],
  executions: new Map(Object.entries(executions)),
  memoryShares,
  quality,
});

const of = (...given: Parameters<typeof figures>) => kpisSchema.parse(kpisOf(figures(...given)));

test('each part lasts from its first start to its last end, without its barriers', () => {
  const found = of({
    a: [ran(0, 10)],
    b: [ran(2, 14)],
    all: [ran(14, 15)],
    do: [ran(20, 50)],
    test: [ran(50, 56)],
    end: [ran(60, 62)],
  });
  expect(found.phase_durations).toEqual({
    analysis: 14,
    consolidation_1: 1,
    implementation: 30,
    testing: 6,
    final_consolidation: 2,
  });
  expect(found.category_durations).toEqual({ analysis: 14, implementation: 30, validation: 6 });
  expect(found.agent_performance).toMatchObject({ success_rate: 1, average_execution_time: 14.5 });
  expect(found.quality_metrics).toEqual(quality);
});

test('every attempt counts for the success rate, barriers do not, what still runs does not', () => {
  const { agent_performance } = of({
    a: [ran(0, 1, { attempts: 2 })],
    b: [ran(0, 1, { ended: 'failed' }), ran(1, 2)],
    all: [ran(2, 3, { ended: 'failed' })],
    do: [ran(3, null)],
  });
  expect(agent_performance.success_rate).toBe(0.5);
});

test('memory is the mean of what each execution used of what it was allowed', () => {
  expect(of({}, [0.1, 0.3]).agent_performance.resource_efficiency).toBeCloseTo(0.2);
});

test('what there is nothing of is null', () => {
  expect(of({})).toMatchObject({
    phase_durations: { analysis: null, final_consolidation: null },
    agent_performance: { success_rate: null, average_execution_time: null, resource_efficiency: null },
  });
});
