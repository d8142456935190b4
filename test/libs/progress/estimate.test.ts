import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate, type Timed } from '../../../libs/progress/estimate.js';

const minute = 60_000;

const item = (
  id: string,
  change: Partial<Timed> = {},
  expected: number | null = minute,
  after: string[] = [],
): Timed => ({
  item: { id, category: 'work', after, ...(expected === null ? {} : { rules: { expectedMs: expected } }) },
  state: 'waiting',
  startedAt: null,
  endedAt: null,
  percent: null,
  ...change,
});

const ended = (ms: number): Partial<Timed> => ({ state: 'ended', startedAt: 0, endedAt: ms });
const since = (startedAt: number, percent: number | null = null): Partial<Timed> => ({
  state: 'running',
  startedAt,
  percent,
});

describe('what is left', () => {
  test('before anything has run is what the template expects, one after the other', () => {
    expect(estimate([item('a'), item('b', {}, 2 * minute, ['a'])], 4, 0)).toMatchObject({
      percent: 0,
      leftMs: 3 * minute,
    });
  });

  test('runs in parallel, but no more at once than may', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => item(id));
    expect(estimate(four, 4, 0).leftMs).toBe(minute);
    expect(estimate(four, 2, 0).leftMs).toBe(2 * minute);
  });

  test('is scaled by how long those took that have ended', () => {
    const items = [item('a', ended(minute / 10)), item('b', {}, 2 * minute, ['a'])];
    expect(estimate(items, 1, minute)).toMatchObject({ leftMs: 0.2 * minute });
  });

  test('shrinks with time, and is never nothing while something runs', () => {
    const at = (now: number) => estimate([item('a', since(0))], 1, now);
    expect(at(minute / 2)).toMatchObject({ percent: 50, leftMs: minute / 2 });
    expect(at(10 * minute)).toMatchObject({ percent: 95 });
    expect(at(10 * minute).leftMs).toBeGreaterThan(0);
  });

  test('is less where more was proven than time says', () => {
    expect(estimate([item('a', since(0, 80))], 1, minute / 2).percent).toBe(80);
  });

  test('of what says nothing is as of others of its category', () => {
    const items = [item('a', ended(minute), null), item('b', {}, null)];
    expect(estimate(items, 1, minute).leftMs).toBe(minute);
    expect(estimate(items, 1, minute).leftOf('b')).toBe(minute);
  });

  test('is not known where nothing says it; then items are counted', () => {
    const items = [item('a', {}, null), item('b', { state: 'ended' }, null)];
    expect(estimate(items, 1, 0)).toMatchObject({ percent: 50, leftMs: null });
  });

  test('does not count what sleeps until another fails', () => {
    const asleep = item('spare');
    const items = [
      item('a'),
      {
        ...asleep,
        item: {
          ...asleep.item,
          rules: { expectedMs: minute, standby: { for: 'a', as: 'fallback' as const } },
        },
      },
    ];
    expect(estimate(items, 1, 0).leftMs).toBe(minute);
  });

  test('of a chain of thousands is found', () => {
    const chain = Array.from({ length: 5000 }, (_, n) => item(`i${n}`, {}, 10, n === 0 ? [] : [`i${n - 1}`]));
    expect(estimate(chain, 8, 0).leftMs).toBe(50_000);
  });

  test('nothing, once all has ended', () => {
    expect(estimate([item('a', ended(5)), item('b', { state: 'ended' })], 1, 9)).toMatchObject({
      percent: 100,
      leftMs: 0,
    });
  });
});

test('time alone never takes progress back, and the order of items says nothing', () => {
  const timed = fc.record({
    state: fc.constantFrom('waiting', 'running', 'ended'),
    ms: fc.integer({ min: 1, max: 1e6 }),
  });
  fc.assert(
    fc.property(
      fc.array(timed, { minLength: 1, maxLength: 8 }),
      fc.nat(1e6),
      fc.nat(1e6),
      (all, from, more) => {
        const items = all.map(({ state, ms }, n) =>
          item(`i${n}`, state === 'ended' ? ended(ms) : state === 'running' ? since(0) : {}, ms),
        );
        const [first, later] = [estimate(items, 2, from), estimate(items, 2, from + more)];
        expect(later.percent).toBeGreaterThanOrEqual(first.percent);
        expect(later.leftMs ?? 0).toBeLessThanOrEqual((first.leftMs ?? 0) + 1e-6);
        expect(estimate(items.toReversed(), 2, from).percent).toBeCloseTo(first.percent, 0);
      },
    ),
  );
});
