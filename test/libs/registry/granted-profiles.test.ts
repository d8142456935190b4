import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentManifest } from '../../../libs/contracts/agent.js';
import type { AssignedAgents, Capacity } from '../../../libs/contracts/phase.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { expandConsumers, expandTemplate } from '../../../libs/graph/expand.js';
import { grantedProfiles } from '../../../libs/registry/granted-profiles.js';
import { probing } from '../../../libs/roster/profiles.js';
import { probe } from '../../../libs/roster/roster.js';
import { findTemplate } from '../../../libs/templates/load.js';

const mebibyte = 1024 * 1024;
const plenty: Capacity = { cores: 2, memoryBytes: 1024 * 1024 * mebibyte };

type Budget = { cpu_percent?: number; memory_mb?: number; time?: string };
interface Asked {
  readonly budget?: Budget;
  readonly after?: readonly string[];
}

const bodyOf = (id: string, budget: Budget | undefined) => ({
  id,
  title: id,
  category: 'analysis',
  work: { kind: 'agent', capability: 'work' },
  ...(budget ? { budget } : {}),
  done: { says: 'It is there.', expression: 'EXISTS result' },
});

const templateOf = (
  items: readonly Asked[],
  { parallel = 4, category, consumer }: { parallel?: number; category?: Budget; consumer?: Budget } = {},
): Template =>
  templateSchema.parse({
    name: 'budgets',
    version: '1.0.0',
    title: 'Budgets',
    description: 'Budgets.',
    input: {},
    parallel,
    categories: category ? { analysis: { budget: category } } : {},
    items: items.map(({ budget, after = [] }, at) => ({ ...bodyOf(`i${at}`, budget), depends_on: after })),
    consumers: consumer
      ? [{ ...bodyOf('made', consumer), consumes: { kind: 'discovery', category: 'analysis' } }]
      : [],
  });

/** What is granted where every item has one agent with a profile of so much memory. */
function granted(template: Template, { memoryMb = 1024, capacity = plenty } = {}) {
  const manifest: AgentManifest = { ...probe, profile: { ...probing, memoryBytes: memoryMb * mebibyte } };
  const items: AssignedAgents['items'] = [...expandTemplate(template), ...expandConsumers(template)].map(
    ({ id }) => ({
      item: id,
      capability: 'work',
      agents: [{ id: probe.id, manifest: `sha256:${'0'.repeat(64)}` }],
      why: '',
    }),
  );
  return grantedProfiles({ template, items, manifests: new Map([[probe.id, manifest]]), capacity });
}

describe('a budget', () => {
  test('of an item is over that of its category, each in what it says', () => {
    const template = templateOf([{ budget: { memory_mb: 256 } }, {}], {
      category: { cpu_percent: 25, memory_mb: 512, time: '5s' },
    });
    const own = { cpuPercent: 25, wallMs: 5000, scaled: null };
    expect(granted(template)).toEqual({
      i0: { ...own, memoryBytes: 256 * mebibyte },
      i1: { ...own, memoryBytes: 512 * mebibyte },
    });
  });

  test('bounds only what it speaks of, and only what has one', () => {
    expect(granted(templateOf([{ budget: { cpu_percent: 10 } }, {}]))).toEqual({
      i0: { cpuPercent: 10, scaled: null },
    });
  });

  test('above the profile of every agent is lowered to the largest', () => {
    const template = templateOf([{ budget: { memory_mb: 4096 } }]);
    expect(granted(template, { memoryMb: 300 })?.i0?.memoryBytes).toBe(300 * mebibyte);
  });

  test('that nobody has leaves nothing in the assignment', () => {
    expect(granted(templateOf([{}, {}]))).toBeUndefined();
    for (const name of ['repository-review', 'self-improving-change', 'threat-assessment'])
      expect(granted(findTemplate(name).template)).toBeUndefined();
  });
});

describe('what may run at once', () => {
  const thirty = { cpu_percent: 30 };

  test('and would take more than all processors is scaled down by one part', () => {
    const profiles = granted(
      templateOf(
        [1, 2, 3, 4, 5].map(() => ({ budget: thirty })),
        { parallel: 5 },
      ),
    );
    expect(Object.values(profiles ?? {})).toEqual(
      [1, 2, 3, 4, 5].map(() => ({ cpuPercent: 20, scaled: { cpu: 0.6666, memory: 1 } })),
    );
  });

  test('is not scaled down for what waits for it, nor for more than may run', () => {
    const sixty = { cpu_percent: 60 };
    const chain = templateOf([{ budget: sixty }, { budget: sixty, after: ['i0'] }]);
    expect(granted(chain)?.i0).toEqual({ cpuPercent: 60, scaled: null });
    const three = templateOf(
      [{ budget: thirty }, { budget: thirty }, { budget: thirty }, { budget: thirty }],
      {
        parallel: 3,
      },
    );
    expect(granted(three)?.i0).toEqual({ cpuPercent: 30, scaled: null });
  });

  test('and would take more memory than the machine has is scaled down, processors apart', () => {
    const template = templateOf([{ budget: { memory_mb: 600 } }, { budget: { memory_mb: 200 } }]);
    const capacity = { cores: 2, memoryBytes: 400 * mebibyte };
    expect(granted(template, { capacity })).toEqual({
      i0: { memoryBytes: 300 * mebibyte, scaled: { cpu: 1, memory: 0.5 } },
      i1: { memoryBytes: 100 * mebibyte, scaled: { cpu: 1, memory: 0.5 } },
    });
  });

  test('counts what is made while the run goes on, as often as it may run', () => {
    const template = templateOf([{ budget: thirty }], { parallel: 3, consumer: { cpu_percent: 60 } });
    expect(granted(template)).toEqual({
      i0: { cpuPercent: expect.closeTo(20, 1), scaled: { cpu: 0.6666, memory: 1 } },
      made: { cpuPercent: expect.closeTo(33.3, 1), scaled: { cpu: 0.5555, memory: 1 } },
    });
  });

  test('in structured-change: the five that look at the change share the processors, the parts have theirs', () => {
    const profiles = granted(findTemplate('structured-change').template);
    expect(profiles?.core).toMatchObject({ cpuPercent: 60, scaled: null });
    const five = ['tests', 'performance', 'documentation', 'end-to-end', 'deployment'];
    expect(five.map((id) => profiles?.[id]?.cpuPercent)).toEqual(five.map(() => 20));
  });
});

/** Items each of which waits for some of those before it. */
const asked = fc
  .array(
    fc.record({
      cpu: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      memory: fc.option(fc.integer({ min: 16, max: 2000 }), { nil: undefined }),
      after: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((items) =>
    items.map(({ cpu, memory, after }, at) => ({
      budget: {
        ...(cpu === undefined ? {} : { cpu_percent: cpu }),
        ...(memory === undefined ? {} : { memory_mb: memory }),
      },
      after: at === 0 ? [] : [...new Set(after.map((other) => `i${other % at}`))],
    })),
  );

/** Every set of items of which none waits for another, of at most so many. */
function setsAtOnce(items: readonly Asked[], parallel: number): number[][] {
  const before = items.map(() => new Set<number>());
  for (const [at, { after = [] }] of items.entries())
    for (const id of after) {
      const other = Number(id.slice(1));
      before[at]?.add(other);
      for (const earlier of before[other] ?? []) before[at]?.add(earlier);
    }
  let sets: number[][] = [[]];
  for (const at of items.keys())
    sets = sets.flatMap((set) =>
      set.length < parallel && !set.some((other) => before[at]?.has(other)) ? [set, [...set, at]] : [set],
    );
  return sets;
}

test('nothing that runs at once ever takes more than all processors or the memory there is, nor more than it asked', () => {
  fc.assert(
    fc.property(
      asked,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 16, max: 4000 }),
      (items, parallel, mb) => {
        const capacity = { cores: 2, memoryBytes: mb * mebibyte };
        const profiles = granted(templateOf(items, { parallel }), { capacity }) ?? {};
        for (const set of setsAtOnce(items, parallel)) {
          const own = set.map((at) => profiles[`i${at}`]);
          expect(own.reduce((sum, one) => sum + (one?.cpuPercent ?? 0), 0)).toBeLessThanOrEqual(100 + 1e-9);
          const memory = own.reduce((sum, one) => sum + (one?.memoryBytes ?? 0), 0);
          expect(memory).toBeLessThanOrEqual(capacity.memoryBytes);
        }
        for (const [at, { budget }] of items.entries()) {
          const { cpuPercent = 0, memoryBytes = 0 } = profiles[`i${at}`] ?? {};
          expect(cpuPercent).toBeLessThanOrEqual(budget.cpu_percent ?? 0);
          expect(memoryBytes).toBeLessThanOrEqual(Math.min(budget.memory_mb ?? 0, 1024) * mebibyte);
        }
      },
    ),
  );
});

test('more items than are compared are taken to run all at once, and that in no time', () => {
  const many = Array.from({ length: 3000 }, () => ({ budget: { cpu_percent: 10 } }));
  const since = performance.now();
  expect(granted(templateOf(many, { parallel: 20 }))?.i0?.cpuPercent).toBe(5);
  expect(performance.now() - since).toBeLessThan(5000);
});
