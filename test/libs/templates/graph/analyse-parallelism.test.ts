import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Template, templateSchema } from '../../../../libs/contracts/template.js';
import { analyseParallelism } from '../../../../libs/templates/graph/analyse-parallelism.js';
import { workOff } from '../../../../libs/templates/graph/work-off.js';
import { templates } from '../random-templates.js';

const templateOf = (items: object[], more: object = {}): Template =>
  templateSchema.parse({
    name: 'made',
    version: '1.0.0',
    title: 'Made',
    description: 'Made.',
    input: {},
    ...more,
    items: items.map((item) => ({
      title: 'Item',
      category: 'analysis',
      work: { kind: 'agent', capability: 'x' },
      done: { says: 'Done.', command: 'npm test' },
      ...item,
    })),
  });

describe('what can run at once', () => {
  test('is told by levels, with the longest chain and what lanes gain', () => {
    const found = analyseParallelism(
      templateOf(
        [
          { id: 'a', expected: '10s' },
          { id: 'b', expected: '20s' },
          { id: 'c', expected: '30s' },
          { id: 'd', expected: '40s', depends_on: ['a'] },
          { id: 'e', work: { kind: 'consolidation' }, depends_on: ['b', 'c', 'd'] },
        ],
        { parallel: 2 },
      ),
    );
    expect(found.levels).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
    expect(found).toMatchObject({ width: 3, lanes: 2, criticalPath: ['a', 'd', 'e'] });
    // Two lanes: a until 10, then c until 40; b until 20, then d until 60; e a second.
    expect(found.expected).toEqual({
      serialMs: 101_000,
      unboundedMs: 51_000,
      boundedMs: 61_000,
      speedUp: 1.66,
      mostSpeedUp: 1.98,
    });
    expect(found.items.map(({ id, startMs }) => [id, startMs])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 10_000],
      ['d', 20_000],
      ['e', 60_000],
    ]);
  });

  test('takes times from the item, its category, that it is a barrier, or a quarter of the timeout', () => {
    const found = analyseParallelism(
      templateOf(
        [
          { id: 'own', expected: '5s' },
          { id: 'of-category', category: 'slow' },
          { id: 'barrier', work: { kind: 'checkpoint' } },
          { id: 'timed', timeout: '40s' },
          { id: 'by-default' },
        ],
        { categories: { slow: { expected: '7s' } }, defaults: { timeout: '8s' } },
      ),
    );
    expect(found.items.map(({ expectedMs, expectedBy }) => `${expectedBy} ${expectedMs}`)).toEqual([
      'item 5000',
      'category 7000',
      'barrier 1000',
      'timeout 10000',
      'timeout 2000',
    ]);
  });

  test('prefers what has a higher priority, and does not count what is done after failures alone', () => {
    const found = analyseParallelism(
      templateOf([{ id: 'a', fallback: 'instead' }, { id: 'b', priority: 'critical' }, { id: 'instead' }], {
        parallel: 1,
      }),
    );
    expect(found.standby).toEqual(['instead']);
    expect(found.items.filter(({ startMs }) => startMs === 0).map(({ id }) => id)).toEqual(['b']);
  });

  test('is never worse with lanes than one after the other, nor better than the longest chain', () => {
    fc.assert(
      fc.property(templates, fc.integer({ min: 1, max: 5 }), (drawn, parallel) => {
        const { expected } = analyseParallelism(templateSchema.parse({ ...drawn, parallel }));
        expect(expected.boundedMs).toBeLessThanOrEqual(expected.serialMs);
        expect(expected.boundedMs).toBeGreaterThanOrEqual(expected.unboundedMs);
        if (parallel === 1) expect(expected.boundedMs).toBe(expected.serialMs);
      }),
      { numRuns: 50 },
    );
  });

  test('never runs more at once than there are lanes, and nothing before what it waits for', () => {
    const tasks = fc.array(
      fc.record({
        ms: fc.integer({ min: 1, max: 9 }),
        after: fc.array(fc.nat(), { maxLength: 3 }),
        priority: fc.nat(4),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 4 }), (drawn, lanes) => {
        const made = drawn.map((task, at) => ({
          ...task,
          after: at === 0 ? [] : task.after.map((one) => one % at),
        }));
        const { starts, width } = workOff(made, lanes);
        expect(width).toBeLessThanOrEqual(lanes);
        const startOf = (at: number) => starts[at] ?? 0;
        const endOf = (at: number) => startOf(at) + (made[at]?.ms ?? 0);
        for (const [at, { after }] of made.entries())
          for (const one of after) expect(startOf(at)).toBeGreaterThanOrEqual(endOf(one));
        for (const [at] of made.entries()) {
          const running = made.filter(
            (_, other) => startOf(other) <= startOf(at) && endOf(other) > startOf(at),
          );
          expect(running.length).toBeLessThanOrEqual(lanes);
        }
      }),
    );
  });
});
