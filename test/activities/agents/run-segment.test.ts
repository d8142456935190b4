import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAgentActivities } from '../../../activities/agents/index.js';
import type { AgentManifest } from '../../../libs/contracts/agent.js';
import { segmentReportSchema } from '../../../libs/contracts/reports/segment.js';
import { Progress, progress } from '../../../libs/evidence/progress.js';
import { readChain } from '../../../libs/evidence/step-entries.js';
import { roster } from '../../../libs/roster/roster.js';
import { readResults } from '../../../libs/segments/read-results.js';
import { type AttemptNotes, attemptNotes } from '../../../libs/temporal/attempt-notes.js';
import { inActivity } from '../../support/in-activity.js';
import { linesOfLog, programsFolder, type SegmentRun, segmentRun } from '../../support/segment-run.js';
import { freshSigner } from '../../support/signers.js';

const activity = { run: 'r', workflowId: 'run-r/3-execute', activityId: 'lines.1' };

const activitiesOf = ({ folder, store }: SegmentRun) =>
  createAgentActivities({
    store,
    sandboxHost: { bubblewrap: undefined },
    scratch: join(folder, 'scratch'),
    cache: join(folder, 'cache'),
    toolsFolder: join(folder, 'tools'),
    programsFolder,
  });

const carriedOut = (run: SegmentRun, task = run.task) => inActivity(() => activitiesOf(run).runSegment(task));

test('a segment proves a step for each chunk, is taken up by a later attempt, and is cleaned up', async () => {
  const run = await segmentRun({ input: { lines: linesOfLog(45) } });
  const { store } = run;
  const signer = freshSigner('agents');
  const notes: AttemptNotes = { sandbox: null };
  const attempt = async (number: number) => {
    const proving = { store, signer, ...activity, attempt: number, heartbeat: () => {} };
    const steps = await Progress.open(proving);
    return await attemptNotes.run(notes, () => progress.run(steps, () => carriedOut(run)));
  };
  const result = await attempt(1);
  expect(result).toMatchObject({
    item: 'lines',
    agent: run.task.agent,
    workspace: null,
    measurements: null,
    accepted: true,
    summary: '45 inputs: 45 completed, 0 failed',
  });
  expect(notes.sandbox).toMatchObject({ kind: 'wasm', network: 'none' });
  const report = await store.getJson(result.outcome.digest, segmentReportSchema);
  const chain = (await readChain(store, activity)).map(({ step }) => step);
  expect(chain.map(({ milestone }) => milestone)).toEqual([
    ...[1, 2, 3, 4, 5].map((number) => `${number} of 5 chunks committed`),
    'report stored',
  ]);
  expect(chain.flatMap(({ effects }) => effects).toSorted()).toEqual(
    [...report.chunks.map(({ results }) => results.digest), result.outcome.digest].toSorted(),
  );
  const committed = await store.entries.list('segments/r/lines/');
  expect(committed).toHaveLength(5);

  expect(await attempt(2)).toEqual(result);
  expect(await store.entries.list('segments/r/lines/')).toEqual(committed);
  await activitiesOf(run).cleanUpAgents({ run: 'r' });
  expect(await store.entries.list('segments/')).toEqual([]);
});

test('a list in the outcome of an item before is executed as one in the input is', async () => {
  const lines = linesOfLog(12);
  const one = await segmentRun({ input: { lines } });
  const other = await segmentRun({
    input: {},
    over: 'collect.found.lines',
    before: { collect: { found: { lines } } },
  });
  const [first, second] = [await carriedOut(one), await carriedOut(other)];
  expect(second.outcome).toEqual(first.outcome);
  const report = await one.store.getJson(first.outcome.digest, segmentReportSchema);
  const levels: unknown[] = [];
  for await (const result of readResults(one.store, report))
    levels.push(result.status === 'completed' && result.output);
  expect(levels).toHaveLength(12);
  expect(levels[0]).toEqual({
    level: 'error',
    source: 'part0',
    template: 'took <number> ms for <text>',
    variables: 2,
  });
});

test.each([
  ['there is no such input', { over: 'input.other' }, 'InputInvalid'],
  ['it is no list', { over: 'input.text' }, 'InputInvalid'],
  ['there is no such item', { over: 'nobody.lines' }, 'InputInvalid'],
  ['the prototype of objects is asked for', { over: 'input.constructor' }, 'InputInvalid'],
])('where %s nothing is executed', async (_, more, code) => {
  const run = await segmentRun({ input: { lines: [], text: 'x' }, ...more });
  await expect(carriedOut(run)).rejects.toMatchObject({ code });
  expect(await run.store.entries.list('segments/')).toEqual([]);
});

test('more failed inputs than are tolerated fail the item, with how many and which came first', async () => {
  const lines = [...linesOfLog(8), 17, null];
  await expect(carriedOut(await segmentRun({ input: { lines }, tolerate: 0.1 }))).rejects.toMatchObject({
    code: 'AgentFailed',
    message: expect.stringContaining('2 of the first 10 of 10 inputs failed'),
  });
  const tolerant = await carriedOut(await segmentRun({ input: { lines }, tolerate: 0.2 }));
  expect(tolerant.summary).toBe('10 inputs: 8 completed, 2 failed');
});

test('an agent that is no micro agent executes no segment', async () => {
  const agent = roster.find(({ driver }) => driver.kind === 'builtin') as AgentManifest;
  const run = await segmentRun({ input: { lines: linesOfLog(1) }, agent });
  await expect(carriedOut(run)).rejects.toMatchObject({ code: 'AgentUnknown' });
});
