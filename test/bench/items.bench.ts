import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphItem, WorkGraph } from '../../libs/contracts/graph.js';
import { workflowId } from '../../libs/protocol/names.js';
import { type AllActivities, activityDoubles, refTo, resultOf } from '../support/activity-doubles.js';
import { engineServer } from '../support/engine.js';
import { withWorkers } from '../workflows/support/workers.js';
import { figure, ms, percentile, timed } from './figures.js';
import { layered, levelsOf } from './layered-graph.js';
import type { RawItemsInput } from './raw-workflows.js';

/**
 * The phase execute on a real server, with items whose activity only waits, as for work that is done elsewhere. Verdicts,
 * collection and record of the phase are doubles that answer at once.
 */
let environment: TestWorkflowEnvironment;
let rawBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  environment = await engineServer();
  rawBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('raw-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(() => environment?.teardown());

const common = () => {
  const run = { run: randomUUID(), tenant: 'local', request: refTo('request'), waiverWindowMs: 0 };
  return { run, input: { accepted: refTo('accepted'), assignment: refTo('assignment') } };
};

async function interpreted(graph: WorkGraph): Promise<void> {
  const { run, input } = common();
  await environment.client.workflow.execute('execute', {
    taskQueue: 'control',
    workflowId: workflowId.phase(run.run, 'execute'),
    args: [{ run, input, waiverWindowMs: 0, previous: null, graph }],
  });
}

async function byHand(levels: RawItemsInput['levels']): Promise<void> {
  const args: [RawItemsInput] = [{ ...common(), levels }];
  await environment.client.workflow.execute('rawItems', {
    taskQueue: 'raw',
    workflowId: `raw-${randomUUID()}`,
    args,
  });
}

/** What was done since it was last asked, and how much of it at once. */
class Watched {
  #done: string[] = [];
  #running = 0;
  #most = 0;
  #collected = 0;

  constructor(private readonly waitMs: number) {}

  readonly activities: Partial<AllActivities> = {
    runAgent: async ({ item }) => {
      this.#running += 1;
      this.#most = Math.max(this.#most, this.#running);
      if (this.waitMs > 0) await delay(this.waitMs);
      this.#running -= 1;
      this.#done.push(item.id);
      return resultOf(item);
    },
    collectItems: async ({ results }) => {
      this.#collected += results.length;
      return { outcome: refTo('executed'), summary: 'executed', facts: null };
    },
  };

  /** Time of work that has to do each of these items once. */
  async time(
    items: readonly GraphItem[],
    work: () => Promise<void>,
  ): Promise<{ ms: number; atOnce: number }> {
    this.#done = [];
    this.#most = 0;
    this.#collected = 0;
    const took = await timed(work);
    expect(this.#done.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    expect(this.#collected).toBe(items.length);
    return { ms: took, atOnce: this.#most };
  }

  /** Has the phase's activities served, and the workflows that are written by hand. */
  async serve(work: () => Promise<void>): Promise<void> {
    const doubles = activityDoubles(layered([], 1), this.activities);
    await withWorkers(environment, doubles.of, async () => {
      const raw = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue: 'raw',
        workflowBundle: rawBundle,
        activities: doubles.of('control'),
      });
      await raw.runUntil(work());
    });
  }
}

const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

describe('independent items against the same one after another', () => {
  const count = 12;
  const rounds = 5;
  const waitMs = 300;

  // 4: what a template lets run at once where it says nothing, and what one process for agents does at once.
  test.each([4, count])('with %i at once', async (parallel) => {
    const watched = new Watched(waitMs);
    const independent = layered(levelsOf(1, count), parallel);
    const chained = layered(levelsOf(count, 1), parallel);
    const together: number[] = [];
    const inTurn: number[] = [];
    await watched.serve(async () => {
      for (let round = 0; round <= rounds; round += 1) {
        const one = await watched.time(chained.items, () => interpreted(chained));
        const other = await watched.time(independent.items, () => interpreted(independent));
        expect([one.atOnce, other.atOnce]).toEqual([1, parallel]);
        // The first one warms up.
        if (round === 0) continue;
        inTurn.push(one.ms);
        together.push(other.ms);
      }
    });
    const p50 = { inTurn: percentile(inTurn, 0.5), together: percentile(together, 0.5) };
    figure(`${count} items that wait ${waitMs} ms, one after another and ${parallel} at once, p50`, {
      'one after another': ms(p50.inTurn),
      'at once': ms(p50.together),
      'times as fast': (p50.inTurn / p50.together).toFixed(2),
      'load of the machine': load(),
    });
  });
});

describe('the interpreter against a workflow written by hand', () => {
  const rounds = 40;
  const warmUp = 8;
  const levels = levelsOf(4, 4);
  const graph = layered(levels, 4);

  test.each([
    [50, 'items that take 50 ms'],
    [0, 'items that answer at once'],
  ])('with a wait of %i ms', async (waitMs, what) => {
    const watched = new Watched(waitMs);
    const ours: number[] = [];
    const raw: number[] = [];
    await watched.serve(async () => {
      for (let round = 0; round < rounds + warmUp; round += 1) {
        const kinds = [
          { into: raw, work: () => byHand(levels) },
          { into: ours, work: () => interpreted(graph) },
        ];
        // Whichever comes second may find the machine busy with the end of the first.
        for (const { into, work } of round % 2 === 0 ? kinds : kinds.reverse()) {
          const { ms: took } = await watched.time(graph.items, work);
          if (round >= warmUp) into.push(took);
        }
      }
    });
    expect([ours.length, raw.length]).toEqual([rounds, rounds]);
    const p50 = { ours: percentile(ours, 0.5), raw: percentile(raw, 0.5) };
    figure(`the interpreter against a workflow by hand, 4 levels of 4 ${what}, p50`, {
      interpreter: ms(p50.ours),
      'by hand': ms(p50.raw),
      ratio: (p50.ours / p50.raw).toFixed(2),
      'load of the machine': load(),
    });
  });
});
