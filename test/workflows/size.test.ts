import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphItem, WorkGraph } from '../../libs/contracts/graph.js';
import { engineChains } from '../../libs/temporal/chains.js';
import type { HistoryEvent } from '../../libs/temporal/histories.js';
import { agentItem, refTo, resultOf } from '../support/activity-doubles.js';
import { engineOf } from '../support/engine-of.js';
import { type RunHandle, Runs } from './support/runs.js';

/** The size from which Temporal warns of a payload, in bytes. */
const warned = 512 * 1024;

/** Items that may run at once, and that come after the first one. */
const width = 1000;

const name = (number: number): string => `work-${String(number).padStart(4, '0')}`;

/** One item, a fan-out of a thousand, a consolidation of them all, then the others, a thousand at once. */
function largeGraph(items: number): WorkGraph {
  const wide = Array.from({ length: width }, (_, at) => agentItem(name(at), { after: ['first'] }));
  const rest = Array.from({ length: items - width - 2 }, (_, at) =>
    agentItem(name(width + at), { after: ['all'] }),
  );
  const all: GraphItem = agentItem('all', {
    kind: 'consolidation',
    agents: [],
    after: wide.map(({ id }) => id),
  });
  return { items: [agentItem('first'), ...wide, all, ...rest], parallel: width, repairs: 0 };
}

describe('a graph of 5,000 items with a fan-out of 1,000', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open('engine');
  });
  afterAll(async () => runs?.close());

  /** The events of execute, by the runs of its chain. */
  async function chainOf(run: RunHandle): Promise<HistoryEvent[][]> {
    const engine = await engineOf(runs.environment);
    const chain: HistoryEvent[][] = [];
    try {
      for await (const { chain: at, event } of engineChains(engine).read(`${run.workflowId}/3-execute`)) {
        const events = chain[at] ?? [];
        chain[at] = events;
        events.push(event);
      }
    } finally {
      await engine.close();
    }
    return chain;
  }

  test('is worked off over several runs of a chain, each item once, and no payload is large', async () => {
    const graph = largeGraph(5000);
    const done = new Map<string, number>();
    const collected: string[] = [];
    let bundled = 0;
    await runs.start(
      graph,
      {
        planWork: async () => ({ outcome: refTo('planned'), summary: 'planned', facts: { graph: null } }),
        runAgent: async ({ item }) => {
          done.set(item.id, (done.get(item.id) ?? 0) + 1);
          return resultOf(item);
        },
        bundleResults: async ({ results }) => {
          bundled = results.length;
          return { bundle: refTo('bundle') };
        },
        collectItems: async ({ results }) => {
          collected.push(...results.map(({ item }) => item));
          return { outcome: refTo('executed'), summary: 'executed', facts: null };
        },
      },
      async (run) => {
        await run.result();
        const chain = await chainOf(run);
        expect(chain.length).toBeGreaterThan(1);
        const sizes = chain.flat().map((event) => payloadBytes(event));
        expect(Math.max(...sizes)).toBeLessThan(warned);
        const tasks = chain.map((events) => mostScheduledAtOnce(events));
        expect(Math.max(...tasks)).toBeLessThanOrEqual(200);
      },
    );
    expect(done.size).toBe(4999);
    expect([...done.values()].every((times) => times === 1)).toBe(true);
    expect(collected).toEqual(graph.items.map(({ id }) => id));
    expect(bundled).toBe(width);
  }, 300_000);
});

/** Bytes of all payloads of an event together. */
function payloadBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, below) => sum + payloadBytes(below), 0);
}

/** The most activities that one workflow task scheduled. */
function mostScheduledAtOnce(events: readonly HistoryEvent[]): number {
  const counts = new Map<string, number>();
  for (const { activityTaskScheduledEventAttributes: scheduled } of events) {
    if (!scheduled) continue;
    const task = String(scheduled.workflowTaskCompletedEventId);
    counts.set(task, (counts.get(task) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
