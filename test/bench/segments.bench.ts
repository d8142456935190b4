import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMicroProgram } from '../../libs/agents/micro-program.js';
import { digestOfJson } from '../../libs/artifacts/digest-of-json.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { inParallel } from '../../libs/artifacts/snapshot/in-parallel.js';
import { chunkResultsSchema } from '../../libs/contracts/reports/segment.js';
import { microAgents } from '../../libs/roster/micro.js';
import { module as sandboxed } from '../../libs/sandbox/wasm/engine.js';
import { committedChunks } from '../../libs/segments/committed-chunks.js';
import { inChunks } from '../../libs/segments/cut-inputs.js';
import { module, workOnInputs } from '../../libs/segments/work-on-inputs.js';
import { runInThread } from '../../libs/threads/run-in-thread.js';
import { figure, timed } from './figures.js';
import { logLines } from './log-lines.js';
import { openEngine, module as plain } from './plain-engine.js';

const seconds = 60;
const size = 50_000;
const programsFolder = join(import.meta.dirname, '../../libs/agents');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Done {
  readonly number: number;
  readonly completed: number;
  readonly at: number;
  /** Milliseconds of CPU that all threads of the process took for it. */
  readonly cpuMs: number;
}

/** Starts the executing process; what it has done is added to the list. */
function start(from: number, until: number, done: Done[]): ChildProcess {
  const hook = join(import.meta.dirname, '../support/from-sources.mjs');
  const program = join(import.meta.dirname, 'run-segments.ts');
  const args = ['--import', hook, program, folder, String(from), String(until), String(size)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => done.push(JSON.parse(line)));
  return child;
}

const perSecond = (items: number, ms: number): string =>
  `${Math.round((1000 * items) / ms).toLocaleString('en')}/s`;

/**
 * A log's lines are classified by a micro agent, 500 in a chunk: the list is stored and read again, each line's JSON is
 * parsed and classified in QuickJS, the output checked by its schema and digested, each chunk committed to disk and synced.
 * In the middle the executing process is killed, and another one goes on.
 */
test('items in segments, with a kill in the middle', async () => {
  const done: Done[] = [];
  const began = Date.now();
  const until = began + seconds * 1000;
  const first = start(0, until, done);
  const exited = once(first, 'exit');
  await delay((seconds * 1000) / 2);
  first.kill('SIGKILL');
  expect((await exited)[1]).toBe('SIGKILL');
  const beforeKill = done.length;
  const store = openStore(join(folder, 'store'));
  const resumed = await store.entries.list(`segments/bench/${beforeKill}/`);
  const second = start(beforeKill, until, done);
  expect((await once(second, 'exit'))[0]).toBe(0);
  const load = loadavg()[0] ?? 0;
  const ended = Math.max(...done.map(({ at }) => at));

  const program = await readMicroProgram(programsFolder, microAgents[0] ?? fail());
  const engine = await openEngine(program.source);
  let single = 0;
  let same = 0;
  for (const [number, { completed }] of done.entries()) {
    expect(completed).toBe(size);
    const lines = logLines(number, size);
    const names = await store.entries.list(`segments/bench/${number}/`);
    const times = new Uint8Array(size);
    for (const name of names) {
      const chunk = JSON.parse(String(await store.entries.get(name)));
      for (const result of await store.getJson(chunk.results.digest, chunkResultsSchema)) {
        times[result.index] = (times[result.index] ?? 0) + 1;
        if (result.status !== 'completed' || result.index % 97 > 0) continue;
        // A part of them is compared with what plain Node says.
        const called = await engine.call(JSON.stringify(lines[result.index]));
        const expected = called.kind === 'output' ? digestOfJson(JSON.parse(called.json)) : '';
        expect(`sha256:${result.digest}`).toBe(expected);
        same += 1;
      }
    }
    single += times.filter((count) => count === 1).length;
  }
  expect(single).toBe(done.length * size);
  const cpuMs = done.reduce((sum, one) => sum + one.cpuMs, 0);
  const starts = done.map(({ at }, index) => at - (done[index - 1]?.at ?? began));
  figure('items in segments, 500 in a chunk, process killed in the middle', {
    sustained: perSecond(done.length * size, ended - began),
    over: `${((ended - began) / 1000).toFixed(0)} s`,
    'CPU per item': `${((1000 * cpuMs) / (done.length * size)).toFixed(0)} us`,
    'two cores divided by that': perSecond(2 * done.length * size, cpuMs),
    'part of the cores that it got': `${Math.round((100 * cpuMs) / (availableParallelism() * (ended - began)))} %`,
    'slowest 50,000': perSecond(size, Math.max(...starts)),
    'with exactly one committed result': `${single} of ${done.length * size}`,
    'compared with plain Node': String(same),
    'chunks taken over after the kill': String(resumed.length),
    'load of the machine': load.toFixed(1),
  });
});

function fail(): never {
  throw new Error('There is no micro agent.');
}

/** The same work with and without the sandbox, one after another in the same threads, and committed in the same way. */
test('the sandbox against plain Node', async () => {
  const program = await readMicroProgram(programsFolder, microAgents[0] ?? fail());
  const rates: Record<string, number> = {};
  for (const round of [0, 1, 2])
    for (const [name, engine] of Object.entries({ sandboxed, plain })) {
      const store = openStore(join(folder, name, String(round)));
      const inputs = inChunks(logLines(round, size), 500);
      const chunks = committedChunks(store, 'segments/bench/0');
      let completed = 0;
      const took = await timed(() =>
        inParallel(inputs.chunks.entries(), 4, async ([number, text]) => {
          const at = new Int32Array(new SharedArrayBuffer(4));
          const { source, limits, outcome } = program;
          const first = number * inputs.chunk;
          const work = {
            ...{ engine, source, limits, outcome, expects: null, attempts: 1 },
            ...{ inputs: text, first, hung: [], at },
          };
          const result = await runInThread(workOnInputs, module, work);
          if ('unusable' in result) throw new Error(result.unusable);
          const chunk = await chunks.commit(number, first, result);
          completed += chunk.completed;
        }),
      );
      expect(completed).toBe(size);
      // The first round warms the threads up.
      if (round > 0) rates[name] = Math.max(rates[name] ?? 0, (1000 * size) / took);
    }
  const { sandboxed: ours = 0, plain: baseline = 0 } = rates;
  figure('50,000 items, the better of two rounds', {
    sandboxed: perSecond(ours, 1000),
    'plain Node': perSecond(baseline, 1000),
    ratio: `${(ours / baseline).toFixed(2)}`,
  });
});
