import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { type InputResult, segmentReportSchema } from '../../../libs/contracts/reports/segment.js';
import { forgetChunks } from '../../../libs/segments/committed-chunks.js';
import { inChunks } from '../../../libs/segments/cut-inputs.js';
import { readResults } from '../../../libs/segments/read-results.js';
import { runSegment, type Segment } from '../../../libs/segments/run-segment.js';
import { turnsDuring } from '../../support/turns-during.js';
import { until } from '../../support/until.js';
import { doubling, good } from './programs.js';

let folder: string;
let store: ArtifactStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heptad-segments-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (inputs: readonly unknown[], more: Partial<Segment> & { chunk?: number } = {}) =>
  runSegment({
    store,
    prefix: 'segments/r/item',
    inputs: inChunks(inputs, more.chunk ?? 10),
    agent: doubling,
    attempts: 1,
    tolerate: 0,
    ...more,
  });

async function resultsOf(report: Awaited<ReturnType<typeof run>>): Promise<InputResult[]> {
  const results: InputResult[] = [];
  for await (const result of readResults(store, report)) results.push(result);
  return results;
}

const entries = (): Promise<string[]> => store.entries.list('segments/');

test('each input has one result, in order, with the digest of its output', async () => {
  const inputs = good(95);
  const report = await run(inputs);
  expect(segmentReportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({ inputs: { count: 95 }, completed: 95, failed: 0, failures: [] });
  expect(report.chunks.map(({ first, count }) => [first, count])).toEqual([
    ...Array.from({ length: 9 }, (_, number) => [10 * number, 10]),
    [90, 5],
  ]);
  expect(await resultsOf(report)).toEqual(
    inputs.map((n, index) => ({
      index,
      status: 'completed',
      digest: digestOfJson({ twice: 2 * n }).slice('sha256:'.length),
      output: { twice: 2 * n },
    })),
  );
});

test('an output that is not what the item expects fails its input, and says what is wrong', async () => {
  const agent = {
    ...doubling,
    expects: { type: 'object', properties: { twice: { type: 'integer', maximum: 10 } } },
  };
  const report = await run(good(10), { agent, tolerate: 1 });
  expect(report).toMatchObject({ completed: 6, failed: 4 });
  const failed = (await resultsOf(report)).filter(({ status }) => status === 'failed');
  expect(failed[0]).toEqual({
    index: 6,
    status: 'failed',
    code: 'AgentFailed',
    message: 'Its output is not what the item expects: /twice must be <= 10.',
  });
  await expect(run(good(10), { agent })).rejects.toMatchObject({
    code: 'AgentFailed',
    message: expect.stringContaining('of 10 inputs failed with doubling'),
  });
});

test('what was committed before the item expected anything is not taken for what it expects', async () => {
  expect(await run(good(10))).toMatchObject({ completed: 10 });
  const agent = {
    ...doubling,
    expects: { type: 'object', properties: { twice: { maximum: 10, type: 'integer' } } },
  };
  expect(await run(good(10), { agent, tolerate: 1 })).toMatchObject({ completed: 6, failed: 4 });
});

test('the report is the same in another store, and another for other inputs', async () => {
  const other = openStore(join(folder, 'other'));
  expect(await run(good(40), { store: other })).toEqual(await run(good(40)));
  expect((await run(good(41))).digest).not.toBe((await run(good(40))).digest);
});

test('a segment over nothing has no chunk', async () => {
  expect(await run([])).toMatchObject({ inputs: { count: 0 }, completed: 0, failed: 0, chunks: [] });
});

test('what fails is listed by index and code, and the others are completed', async () => {
  const inputs = Array.from({ length: 30 }, (_, n) => n);
  const report = await run(inputs, { tolerate: 0.1, attempts: 2 });
  expect(report).toMatchObject({ completed: 27, failed: 3 });
  expect(report.failures).toEqual([
    { index: 13, code: 'AgentFailed' },
    { index: 17, code: 'SandboxLimit' },
    { index: 19, code: 'AgentFailed' },
  ]);
  const failed = (await resultsOf(report)).filter(({ status }) => status === 'failed');
  expect(failed).toEqual([
    { index: 13, status: 'failed', code: 'AgentFailed', message: 'It threw RangeError: unlucky' },
    { index: 17, status: 'failed', code: 'SandboxLimit', message: 'It went over the limit "time".' },
    {
      index: 19,
      status: 'failed',
      code: 'AgentFailed',
      message: 'Its output breaks its schema: /twice must be integer.',
    },
  ]);
});

test('the results of a chunk are stored as canonical JSON, whatever became of its inputs', async () => {
  const report = await run(
    Array.from({ length: 30 }, (_, n) => n),
    { tolerate: 0.1 },
  );
  const results = await resultsOf(report);
  expect(report.chunks.map(({ results: { digest } }) => digest)).toEqual(
    report.chunks.map(({ first, count }) => digestOfJson(results.slice(first, first + count))),
  );
});

test('one failed input more than is tolerated fails the segment, and it says which came first', async () => {
  const inputs = Array.from({ length: 30 }, (_, n) => n);
  await expect(run(inputs, { tolerate: 0.09 })).rejects.toMatchObject({
    code: 'AgentFailed',
    message:
      '3 of the first 20 of 30 inputs failed with doubling; 2 are tolerated. The first: 13 (AgentFailed), 17 (SandboxLimit), 19 (AgentFailed).',
    problems: [
      { path: '/13', reason: 'It failed with AgentFailed.' },
      { path: '/17', reason: 'It failed with SandboxLimit.' },
      { path: '/19', reason: 'It failed with AgentFailed.' },
    ],
  });
});

test('an input on which the engine cannot be stopped is ended from outside, and only it fails', async () => {
  const agent = {
    ...doubling,
    source: 'function agent(n) { if (n === 3) new Array(1e9).indexOf(5); return { twice: 2 * n }; }',
    limits: { ...doubling.limits, wallMs: 300 },
  };
  const report = await run([1, 2, 3, 4], { agent, tolerate: 0.5 });
  expect(report).toMatchObject({ completed: 3, failures: [{ index: 2, code: 'SandboxLimit' }] });
});

test('outputs that are too large together fail the segment', async () => {
  const agent = {
    ...doubling,
    source: 'function agent(n) { return { twice: n, text: "x".repeat(60000) }; }',
    outcome: { type: 'object' },
    limits: { ...doubling.limits, outputBytes: 64 * 1024 },
  };
  await expect(run(good(80), { agent, chunk: 80 })).rejects.toMatchObject({
    code: 'SandboxLimit',
    message: 'The outputs of the inputs from 0 on have over 4194304 bytes together.',
  });
  expect((await run(good(80), { agent })).completed).toBe(80);
});

test('a program that cannot be loaded fails the segment', async () => {
  await expect(run([1], { agent: { ...doubling, source: 'function agent( {' } })).rejects.toMatchObject({
    code: 'AgentFailed',
  });
});

test('two executions at once commit each chunk once, and report the same', async () => {
  const inputs = good(200);
  const seen: string[][] = [[], []];
  const both = await Promise.all(
    seen.map((list) =>
      run(inputs, {
        onChunk: async ({ first, results }) => {
          list.push(`${first} ${results.digest}`);
        },
      }),
    ),
  );
  expect(both[0]).toEqual(both[1]);
  expect(seen[0]?.toSorted()).toEqual(seen[1]?.toSorted());
  expect(await entries()).toHaveLength(20);
  expect((await resultsOf(await run(inputs))).map(({ index }) => index)).toEqual(inputs.map((_, i) => i));
});

test('of two executions that differ the first to commit a chunk decides, for both', async () => {
  const other = await store.putJson(
    [0, 1, 2].map((index) => ({ index, status: 'failed', code: 'AgentFailed', message: 'other' })),
  );
  const chunk = {
    first: 0,
    count: 3,
    completed: 0,
    failed: [0, 1, 2].map((index) => ({ index, code: 'AgentFailed' })),
    results: other,
  };
  let raced = false;
  const racing: ArtifactStore = {
    ...bound(store),
    entries: {
      ...store.entries,
      put: async (entry, content, options) => {
        // Another execution commits between the look and the commit of this one.
        if (!raced) {
          raced = true;
          await store.entries.put(entry, JSON.stringify(chunk), { ifAbsent: true });
        }
        return await store.entries.put(entry, content, options);
      },
    },
  };
  const report = await run([1, 2, 3], { store: racing, tolerate: 1 });
  expect(report.chunks[0]?.results).toEqual(other);
  expect(report.failed).toBe(3);
  expect(await entries()).toHaveLength(1);
});

test('chunks that are committed are not executed again', async () => {
  const stop = new AbortController();
  const inputs = good(100);
  let before = 0;
  await expect(
    run(inputs, {
      signal: stop.signal,
      onChunk: async (_, committed) => {
        before = committed;
        if (committed === 3) stop.abort(new Error('enough'));
      },
    }),
  ).rejects.toThrow('enough');
  const there = await entries();
  expect(there.length).toBeGreaterThanOrEqual(3);
  expect(there.length).toBeLessThan(10);
  expect(before).toBeGreaterThanOrEqual(3);
  const puts: string[] = [];
  const watched: ArtifactStore = {
    ...bound(store),
    entries: {
      ...store.entries,
      put: (name, ...rest) => {
        puts.push(name);
        return store.entries.put(name, ...rest);
      },
    },
  };
  const report = await run(inputs, { store: watched });
  expect(report.completed).toBe(100);
  expect(puts.toSorted()).toEqual((await entries()).filter((name) => !there.includes(name)));
});

test('a committed chunk whose results are gone is executed again', async () => {
  const report = await run(good(20));
  const [chunk] = report.chunks;
  if (!chunk) throw new Error('There is no chunk.');
  await store.remove(chunk.results.digest, new Date(Date.now() + 1000));
  expect(await run(good(20))).toEqual(report);
  expect(await store.has(chunk.results.digest)).toBe(true);
});

test('another program, other inputs or other chunks take nothing of the first', async () => {
  await run(good(20));
  await run(good(20), { agent: { ...doubling, source: `${doubling.source}\n` } });
  await run(good(20), { chunk: 5 });
  await run(good(20), { attempts: 2 });
  expect(new Set((await entries()).map((name) => name.split('/').at(-2))).size).toBe(4);
});

test('what is forgotten is forgotten for its run alone', async () => {
  await run(good(20));
  await run(good(20), { prefix: 'segments/other/item' });
  await forgetChunks(store, 'r');
  expect((await entries()).every((name) => name.startsWith('segments/other/'))).toBe(true);
  expect(await entries()).toHaveLength(2);
});

test('a killed execution is gone on with by the next, and every input has exactly one result', async () => {
  const inputs = good(4000);
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs));
  const child = execFile(process.execPath, [
    '--import',
    join(import.meta.dirname, '../../support/from-sources.mjs'),
    join(import.meta.dirname, 'work/run-in-child.ts'),
    folder,
  ]);
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await until('some chunks being committed', async () => (await entries()).length >= 20);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const before = await entries();
  expect(before.length).toBeLessThan(400);
  const executed: number[] = [];
  const watched: ArtifactStore = {
    ...bound(store),
    entries: {
      ...store.entries,
      put: (name, content, options) => {
        executed.push(Number(name.slice(-11, -5)));
        return store.entries.put(name, content, options);
      },
    },
  };
  const report = await run(inputs, { store: watched });
  expect(executed).toHaveLength(400 - before.length);
  expect((await resultsOf(report)).map((result) => [result.index, result.status])).toEqual(
    inputs.map((_, index) => [index, 'completed']),
  );
});

/** The store, with its methods as members. */
function bound(of: ArtifactStore): ArtifactStore {
  return {
    put: of.put.bind(of),
    putJson: of.putJson.bind(of),
    batch: of.batch.bind(of),
    get: of.get.bind(of),
    getJson: of.getJson.bind(of),
    stream: of.stream.bind(of),
    has: of.has.bind(of),
    size: of.size.bind(of),
    keep: of.keep.bind(of),
    list: of.list.bind(of),
    remove: of.remove.bind(of),
    leftovers: of.leftovers.bind(of),
    entries: of.entries,
  };
}

test('the event loop is free while inputs are executed', async () => {
  const agent = {
    ...doubling,
    source:
      'function agent(n) { let sum = 0; for (let i = 0; i < 400000; i += 1) sum += i; return { twice: sum }; }',
    limits: { ...doubling.limits, interrupts: 1000 },
  };
  // One chunk of some seconds: on the event loop itself it would come round a few times only.
  expect(await turnsDuring(() => run(good(10), { agent }))).toBeGreaterThan(1000);
});
