import { setTimeout as pause } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activityDoubles, agentItem, graphOf } from '../support/activity-doubles.js';
import { TestApi } from '../support/api.js';
import { engineServer } from '../support/engine.js';
import { withWorkers } from '../workflows/support/workers.js';
import { figure, ms, percentile, timed } from './figures.js';

/**
 * Accepting runs over HTTP at a steady rate with the workers stopped, raw starts of workflows at the same rate on the
 * same server, and then accepting while workers are busy with what was accepted. The load comes from the process that the API is in.
 */
let environment: TestWorkflowEnvironment;
let api: TestApi;
beforeEach(async () => {
  environment = await engineServer();
  api = await TestApi.start(environment);
});
afterEach(async () => {
  await api?.remove();
  await environment?.teardown();
});

const perSecond = 50;
const seconds = 10;
const warmUp = 25;

/** One each 1/50 s, whether or not those before have been answered; milliseconds that each took. */
async function atRate(once: (n: number) => Promise<void>): Promise<number[]> {
  for (let n = 0; n < warmUp; n += 1) await once(-1 - n);
  const begin = performance.now();
  const running: Promise<number>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    await pause(Math.max(0, begin + (n * 1000) / perSecond - performance.now()));
    running.push(timed(() => once(n)));
  }
  return await Promise.all(running);
}

const body = JSON.stringify({ template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } });

async function accept(n: number): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `bench-${n}` };
  const response = await fetch(`${api.url}/v1/runs`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await response.body?.cancel();
}

async function rawStart(n: number): Promise<void> {
  await environment.client.workflow.start('raw', {
    workflowId: `raw${n}`,
    taskQueue: 'nobody',
    args: [{ n }],
  });
}

test('accepting a run over HTTP against a raw start', async () => {
  const raw = await atRate(rawStart);
  const ours = await atRate(accept);
  expect(ours).toHaveLength(perSecond * seconds);
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const)
    figure(`accepting a run at ${perSecond}/s, workers stopped, ${name}`, {
      heptad: ms(percentile(ours, share)),
      raw: ms(percentile(raw, share)),
      ratio: (percentile(ours, share) / percentile(raw, share)).toFixed(2),
    });
});

test('accepting a run over HTTP while workers carry runs out', async () => {
  const doubles = activityDoubles(graphOf(agentItem('look')));
  const ours = await withWorkers(environment, doubles.of, () => atRate(accept));
  expect(ours).toHaveLength(perSecond * seconds);
  expect(doubles.asked.verbs).toContain('captureSubject');
  figure(`accepting a run at ${perSecond}/s, workers running in the same process, agents trivial`, {
    p50: ms(percentile(ours, 0.5)),
    p99: ms(percentile(ours, 0.99)),
  });
});
