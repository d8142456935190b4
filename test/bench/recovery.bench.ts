import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { GraphItem, ItemResult, ItemRules, UnfinishedItem } from '../../libs/contracts/graph.js';
import { readAttempts } from '../../libs/evidence/attempt-entries.js';
import { queue, workflowId } from '../../libs/protocol/names.js';
import { activityDoubles, agentItem, graphOf, refTo } from '../support/activity-doubles.js';
import { engineServer } from '../support/engine.js';
import { withWorkers } from '../workflows/support/workers.js';
import { figure, timed } from './figures.js';
import { type Draw, type KindOfFailure, kindsOfFailure } from './transient-failures.js';

/**
 * Items whose attempts fail for a while, in the phase execute on a real server, with the agents' worker in a process of
 * its own that is started again when it was killed. Every attempt, whether a first or a repeated one, fails with the same
 * probability, in a way that is drawn from the seed. An item counts as hit where the log has an attempt of it that did
 * not complete, whatever made it fail, and as recovered where it has a result in the end. No item is left out,
 * and nobody decides anything.
 */
let environment: TestWorkflowEnvironment;
let folder: string;
beforeAll(async () => {
  environment = await engineServer();
  folder = await mkdtemp(join(tmpdir(), 'heptad-bench-'));
});
afterAll(async () => {
  await environment?.teardown();
  await rm(folder, { recursive: true, force: true });
});

const seed = 20_261_128;
const perPolicy = 60;
const agents = 10;

/** What a template says where it says `retry: {}`. */
const retry = { attempts: 3, intervalMs: 1000, backoff: 2, mostIntervalMs: 60_000, on: [] };

/** How items are tried again. */
const policies: Readonly<Record<string, { readonly backup: boolean; readonly rules?: ItemRules }>> = {
  'no policy, as in the shipped templates': { backup: false },
  'a policy of 3 attempts': { backup: false, rules: { retry } },
  'a policy of 3 attempts, and a backup': { backup: true, rules: { retry } },
};

/** Every agent has items of each policy, so that its circuit breaker is theirs together. */
const items: readonly GraphItem[] = Object.values(policies).flatMap(({ backup, rules }, policy) =>
  Array.from({ length: perPolicy }, (_, number) => {
    const chosen = backup ? [number, number + agents / 2] : [number];
    return agentItem(`p${policy}-${number}`, {
      timeoutMs: 3000,
      agents: chosen.map((at) => ({ id: `agent.${at % agents}`, manifest: refTo('agent').digest })),
      ...(rules ? { rules } : {}),
    });
  }),
);

interface Injected {
  readonly item: string;
  readonly attempt: number;
  readonly kind: KindOfFailure;
}

/** Agents' workers, one after the other, each started when the one before was killed. */
class ErraticAgents {
  readonly injected: Injected[] = [];
  killed = 0;
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(private readonly draw: Draw) {}

  /** Serves while the work goes on, which fails where a worker ended that was neither killed nor stopped. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const ended = this.#serve();
    const failing = ended.then(() => Promise.reject(new Error("The agents' worker was stopped.")));
    try {
      return await Promise.race([work(), failing]);
    } finally {
      failing.catch(() => undefined);
      this.#stopping = true;
      this.#child?.kill('SIGTERM');
      await ended;
    }
  }

  async #serve(): Promise<void> {
    while (!this.#stopping) {
      const { code, signal } = await this.#serveOnce();
      if (signal === 'SIGKILL') this.killed += 1;
      else if (!this.#stopping) throw new Error(`The agents' worker ended: ${code ?? signal}.`);
    }
  }

  #serveOnce(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const { seed: drawnFrom, probability } = this.draw;
    const child = spawn(
      process.execPath,
      [
        '--experimental-transform-types',
        '--disable-warning=ExperimentalWarning',
        '--import',
        join(import.meta.dirname, '../support/from-sources.mjs'),
        join(import.meta.dirname, 'erratic-agents.ts'),
        environment.address,
        environment.namespace ?? 'default',
        folder,
        String(drawnFrom),
        String(probability),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.injected.push(JSON.parse(line)));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      // Its output has been read to the end by then.
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }
}

interface Ended {
  readonly results: readonly ItemResult[];
  readonly unfinished: readonly UnfinishedItem[];
}

/** Carries the items out as the phase execute of a run. */
async function execute(run: string): Promise<Ended> {
  let ended: Ended = { results: [], unfinished: [] };
  const graph = { ...graphOf(...items), parallel: 12 };
  const doubles = activityDoubles(graph, {
    collectItems: async ({ results, unfinished }) => {
      ended = { results, unfinished };
      return { outcome: refTo('executed'), summary: 'executed', facts: null };
    },
  });
  const input = { accepted: refTo('accepted'), assignment: refTo('assignment') };
  const request = { run, tenant: 'local', request: refTo('request'), waiverWindowMs: 0 };
  await withWorkers(
    environment,
    doubles.of,
    () =>
      environment.client.workflow.execute('execute', {
        taskQueue: queue.control,
        workflowId: workflowId.phase(run, 'execute'),
        args: [{ run: request, input, waiverWindowMs: 0, previous: null, graph }],
      }),
    Object.values(queue).filter((name) => name !== queue.agents),
  );
  return ended;
}

const part = (some: number, of: number): string =>
  of === 0 ? 'none was hit' : `${some} of ${of} (${((100 * some) / of).toFixed(1)} %)`;

test.each([0.1, 0.2, 0.4])('each attempt fails with probability %d', async (probability) => {
  const run = randomUUID();
  const worker = new ErraticAgents({ seed, probability });
  let ended: Ended = { results: [], unfinished: [] };
  const took = await timed(() =>
    worker.during(async () => {
      ended = await execute(run);
    }),
  );

  const id = workflowId.phase(run, 'execute');
  const attempts = await readAttempts(openStore(join(folder, 'artifacts')), run, id);
  const itemOf = (key: string): string => key.slice(id.length + 1).replace(/\.\d+$/, '');
  const failed = attempts.filter(({ outcome }) => outcome !== 'completed');
  const hit = new Set(failed.map(({ key }) => itemOf(key)));
  const done = new Set(ended.results.map(({ item }) => item));
  const { injected, killed } = worker;

  const recovered = (among: readonly string[]): string =>
    part(among.filter((item) => done.has(item)).length, among.length);
  const ofPolicy = Object.keys(policies).map((name, policy): [string, string] => [
    `with ${name}`,
    recovered([...hit].filter((item) => item.startsWith(`p${policy}-`))),
  ]);
  const codes = new Map<string, number>();
  for (const { code, outcome } of failed) codes.set(code ?? outcome, (codes.get(code ?? outcome) ?? 0) + 1);
  const counts = (of: Iterable<readonly [string, number]>): string =>
    [...of].map(([name, count]) => `${count} ${name}`).join(' + ');
  figure(`items of which an attempt failed for a while, each with probability ${probability}`, {
    'recovered without a person': recovered([...hit]),
    ...Object.fromEntries(ofPolicy),
    items: String(items.length),
    'attempts that did not complete': `${failed.length} of ${attempts.length}`,
    injected: counts(
      Object.keys(kindsOfFailure).map((kind) => [kind, injected.filter((one) => one.kind === kind).length]),
    ),
    'as the log has them': counts(codes),
    over: `${(took / 1000).toFixed(0)} s`,
    seed: String(seed),
    'load of the machine': (loadavg()[0] ?? 0).toFixed(1),
  });

  // Each item ended, and each injected failure is one in the log.
  expect([...done, ...ended.unfinished.map(({ item }) => item)].toSorted()).toEqual(
    items.map((item) => item.id).toSorted(),
  );
  for (const { item } of injected) expect(hit).toContain(item);
  // Whatever ended without a result was given up by its policy, not by a person.
  for (const { status } of ended.unfinished) expect(['failed', 'timeout']).toContain(status);
  expect(injected.filter(({ kind }) => kind === 'killed')).toHaveLength(killed);
  expect(hit.size).toBeGreaterThan((items.length * probability) / 2);
});
