import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAgentActivities } from '../../../activities/agents/index.js';
import { mergeReportSchema } from '../../../libs/contracts/reports/merge.js';
import { Progress, progress } from '../../../libs/evidence/progress.js';
import { readChain } from '../../../libs/evidence/step-entries.js';
import { buildPrograms, root } from '../../libs/agents/support/built-programs.js';
import { host } from '../../libs/sandbox/sandbox-fixture.js';
import { inActivity } from '../../support/in-activity.js';
import { type ReviewedRun, reviewedRun } from '../../support/reviewed-run.js';
import { freshSigner } from '../../support/signers.js';

let folder: string;
let programs: Awaited<ReturnType<typeof buildPrograms>>;
let reviewed: ReviewedRun;

const activity = { run: 'm2', workflowId: 'run-m2/6-deliver', activityId: 'mergeCandidates.1' };

const room = () => ({
  sandboxHost: host,
  scratch: join(folder, 'scratch'),
  cache: join(folder, 'cache'),
  toolsFolder: join(root, 'node_modules'),
  programsFolder: programs.folder,
});

const loose = (name: string) => `exports.${name} = (a) => {\n  if (a == 0) return 0;\n  return a;\n};\n`;
const strict = (name: string) => loose(name).replace('a == 0', 'a === 0');

// Combinations are tested in sandboxes, many of them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

beforeAll(async () => {
  programs = await buildPrograms();
  folder = await mkdtemp(join(tmpdir(), 'heptad-merging-'));
  await mkdir(room().scratch);
  reviewed = await reviewedRun({
    run: activity.run,
    folder,
    room: room(),
    subject: {
      'package.json': '{"name":"s","version":"1.0.0","license":"MIT"}\n',
      'one.js': loose('one'),
      'two.js': loose('two'),
      'all.test.js':
        "require('node:test').test('loads', () => [require('./one.js'), require('./two.js')]);\n",
    },
    candidates: { A: { 'one.js': strict('one') }, B: { 'two.js': strict('two') } },
    merge: { evaluations: 6, seconds: 300 },
  });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await programs.remove();
});

test('a merge proves a step for each generation, is taken up by a later attempt, and is cleaned up', async () => {
  const { store, input } = reviewed;
  const signer = freshSigner('agents');
  const attempt = async (number: number, sandboxHost = host) => {
    const { mergeCandidates } = createAgentActivities({ ...room(), sandboxHost, store });
    const proving = { store, signer, ...activity, attempt: number, heartbeat: () => {} };
    return await progress.run(await Progress.open(proving), () => inActivity(() => mergeCandidates(input)));
  };
  const first = await attempt(1);
  const report = await store.getJson(first.merged.digest, mergeReportSchema);
  expect(report.result).toMatchObject({ candidate: 'D', improved: true });
  expect(first.summary).toBe(report.result.says);

  const steps = (await readChain(store, activity)).map(({ step }) => step);
  expect(steps).toHaveLength(report.evaluations.at(-1)?.generation ?? 0);
  expect(steps.at(-1)).toMatchObject({
    milestone: `${report.evaluations.length} of at most 6 combinations tested`,
    effects: report.evaluations
      .filter(({ generation }) => generation === report.evaluations.at(-1)?.generation)
      .map(({ validation }) => validation),
  });

  // Whatever the first attempt tested need not be tested again, so it takes no sandbox.
  expect(await attempt(2, { bubblewrap: undefined })).toEqual(first);

  const { cleanUpAgents } = createAgentActivities({ ...room(), store });
  expect(await store.entries.list('merges/')).toHaveLength(report.evaluations.length);
  expect(await cleanUpAgents({ run: activity.run })).toEqual({ scratchFolders: 0 });
  expect(await store.entries.list('merges/')).toEqual([]);
});
