import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { digestOfJson } from '../../../../libs/artifacts/digest-of-json.js';
import type { ItemResult } from '../../../../libs/contracts/graph.js';
import {
  chunkResultsSchema,
  type InputResult,
  type SegmentReport,
  segmentReportSchema,
} from '../../../../libs/contracts/reports/segment.js';
import { runSegment } from '../../../../libs/segments/run-segment.js';
import { segmentOf } from '../../../../libs/segments/segment-of.js';
import { digestOfChunks } from '../../../../libs/segments/segment-report.js';
import { executeAgain } from '../../../../libs/verification/re-execution/execution.js';
import { selfCheck } from '../../../../libs/verification/self-check/self-check.js';
import { cleanRoom } from '../../../support/clean-room.js';
import {
  found,
  linesOfLog,
  programsFolder,
  type SegmentRun,
  segmentRun,
} from '../../../support/segment-run.js';

let run: SegmentRun;
let report: SegmentReport;
beforeEach(async () => {
  run = await segmentRun({ input: { lines: linesOfLog(120) }, chunk: 25 });
  const { work, program, inputs } = await segmentOf({ ...run.task, store: run.store, programsFolder });
  const { attempts, tolerate } = work;
  const segment = {
    store: run.store,
    prefix: 'segments/r/lines',
    inputs,
    agent: program,
    attempts,
    tolerate,
  };
  report = segmentReportSchema.parse(await runSegment(segment));
});

const resultOf = async (of: SegmentReport): Promise<ItemResult> => ({
  item: 'lines',
  agent: run.task.agent,
  outcome: await run.store.putJson(of),
  measurements: null,
  workspace: null,
  summary: '',
  accepted: true,
});

const byA = async (of: SegmentReport, changes: Partial<ItemResult> = {}) => {
  const judged = await run.judged({ ...(await resultOf(of)), ...changes });
  return (await found((checks) => selfCheck(judged, checks)))['result:lines'];
};
const byB = async (of: SegmentReport) => {
  const judged = await run.judged(await resultOf(of));
  const room = await cleanRoom(join(run.folder, 'verifier'), { programsFolder });
  return (await found((checks) => executeAgain(judged, checks, room)))['again:lines'];
};

/** The segment with other results, consistent in itself. */
async function withResults(change: (result: InputResult) => unknown): Promise<SegmentReport> {
  const chunks: SegmentReport['chunks'] = [];
  for (const chunk of report.chunks) {
    const results = await run.store.getJson(chunk.results.digest, chunkResultsSchema);
    chunks.push({ ...chunk, results: await run.store.putJson(results.map(change)) });
  }
  return { ...report, chunks, digest: digestOfChunks(chunks) };
}

test('a segment is accepted by both passes, and B says that it looked at a sample, and at how many', async () => {
  expect(await byA(report)).toEqual({ ok: true, says: expect.stringContaining('adds up') });
  expect(await byB(report)).toEqual({
    ok: true,
    says: 'A sample: 50 of 120 inputs, drawn by the digest of the results, were executed again by log-line: equal by digest.',
  });
});

test('outputs that the agent does not give are found by B, though all digests hold', async () => {
  const forged = await withResults((result) => {
    if (result.status === 'failed') return result;
    const output = { level: 'trace', source: null, template: 'forged', variables: 0 };
    return { ...result, output, digest: digestOfJson(output).slice('sha256:'.length) };
  });
  expect(await byA(forged)).toMatchObject({ ok: true });
  expect(await byB(forged)).toMatchObject({
    ok: false,
    says: expect.stringMatching(
      /^The input \d+ differs: [0-9a-f]{64}, then [0-9a-f]{64}\. .*And 40 more\.$/s,
    ),
  });
});

test('a chunk that is not there, or is cut, is found by A', async () => {
  const [first, ...rest] = report.chunks;
  if (!first) throw new Error('There is no chunk.');
  expect(await byA({ ...report, chunks: rest, digest: digestOfChunks(rest) })).toMatchObject({
    ok: false,
    says: expect.stringContaining('A chunk begins at input 25, not at 0.'),
  });
  await run.store.remove(first.results.digest, new Date(Date.now() + 1000));
  expect(await byA(report)).toMatchObject({ ok: false, says: expect.stringContaining('has no sha256') });
});

test('a segment over other inputs than the item names is found by A and by B', async () => {
  const inputs = { ...report.inputs, digest: 'a'.repeat(64) };
  expect(await byA({ ...report, inputs })).toMatchObject({
    ok: false,
    says: 'Its inputs are not the 120 at input.lines.',
  });
  expect(await byB({ ...report, inputs })).toMatchObject({
    ok: false,
    says: 'It is not over the 120 inputs at input.lines.',
  });
});

test('a result that names no agent, or another than was assigned, is found by A', async () => {
  expect(await byA(report, { agent: null })).toMatchObject({ ok: false });
  expect(await byA(report, { agent: { id: 'other', manifest: run.task.agent.manifest } })).toMatchObject({
    ok: false,
    says: expect.stringContaining('was not assigned'),
  });
});

test('an item is executed and judged by what it expects of each output, in both passes', async () => {
  const expects = { type: 'object', properties: { level: { const: 'error' } } };
  const strict = await segmentRun({
    input: { lines: linesOfLog(60) },
    tolerate: 1,
    expects,
    done: 'result.failed <= 40',
  });
  const { work, program, inputs } = await segmentOf({ ...strict.task, store: strict.store, programsFolder });
  const segment = { store: strict.store, prefix: 'segments/r/lines', inputs, agent: program };
  const { attempts, tolerate } = work;
  const honest = segmentReportSchema.parse(await runSegment({ ...segment, attempts, tolerate }));
  expect([honest.completed, honest.failed]).toEqual([20, 40]);
  const judge = async (of: SegmentReport) => {
    const result = { ...(await resultOf(of)), agent: strict.task.agent };
    const judged = await strict.judged({ ...result, outcome: await strict.store.putJson(of) });
    const room = await cleanRoom(join(strict.folder, 'verifier'), { programsFolder });
    return {
      a: (await found((checks) => selfCheck(judged, checks)))['result:lines'],
      b: (await found((checks) => executeAgain(judged, checks, room)))['again:lines'],
    };
  };
  expect(await judge(honest)).toMatchObject({ a: { ok: true }, b: { ok: true } });
  const lax = { ...program, expects: null };
  const easy = await runSegment({ ...segment, prefix: 'segments/r/lax', agent: lax, attempts, tolerate });
  expect(await judge(easy)).toMatchObject({
    a: {
      ok: false,
      says: expect.stringMatching(/The output of input 1 at \/level: It must be equal to constant/),
    },
    b: { ok: false, says: expect.stringContaining('then failed with AgentFailed') },
  });
});
