import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../libs/config/paths.js';
import { mergeReportSchema } from '../../libs/contracts/reports/merge.js';
import { LiveStack, shipped, sound } from '../support/live-stack.js';
import { serveVerifiers, verifierKeys } from '../support/other-verifiers.js';
import { mark, type Point, pausedProgram, testedIn, untilPaused } from '../support/paused-program.js';
import { completedActivities } from '../support/run-activities.js';
import { readInPackage } from '../support/sealed-run.js';
import { passing } from '../support/service-signers.js';
import {
  expectDeliveredOnce,
  expectKept,
  expectOneResultEach,
  type SurvivedRun,
  survived,
} from '../support/survived-run.js';
import { notAsked, unproven, type Verified, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
let stop: () => Promise<void>;
let marks: string;
beforeAll(async () => {
  marks = await mkdtemp(join(tmpdir(), 'heptad-marks-'));
  stack = await LiveStack.start({
    programs: {
      control: pausedProgram(marks, 'apps/local/control.js'),
      agents: pausedProgram(marks, 'apps/worker/main.js', 'agents'),
    },
  });
  const keys = await verifierKeys(stack);
  await stack.kill('verify');
  stop = await serveVerifiers(stack, keys, {
    judge: passing(stack.store, keys),
  });
});
afterAll(async () => {
  await stop?.();
  await stack?.remove();
  await rm(marks, { recursive: true });
});

/** Where control is killed, in the order in which a run comes there. */
const points = [
  'package-staged',
  'package-half-written',
  'package-published',
  'histories-half-written',
  'seal-published',
] as const satisfies readonly Point[];

/** What is in the folder of packages, and in that of the run, when a point is reached. */
interface Seen {
  readonly packages: readonly string[];
  readonly run: readonly string[];
}

describe('a run whose workers are killed while it merges, delivers and is sealed', () => {
  let id: string;
  let name: string;
  let testedBefore: string[];
  const seen = new Map<Point, Seen>();
  let published: { readonly ino: number; readonly birthtimeMs: number };
  let run: SurvivedRun;
  let verified: Verified;
  beforeAll(async () => {
    const { packages } = paths(stack.config);
    for (const point of ['merge-under-way', ...points] as const) await mark(marks, point);
    id = await stack.review(await stack.subject('killed', sound), undefined, shipped);
    name = `run-${id}`;
    const folder = join(packages, name);
    await untilPaused(marks, 'merge-under-way');
    await stack.kill('agents');
    testedBefore = await testedIn(marks);
    await stack.restart('agents');
    let at = { killed: 0, answered: 0 };
    for (const point of points) {
      await untilPaused(marks, point);
      const run = await readdir(folder).catch(() => []);
      seen.set(point, { packages: await readdir(packages), run });
      if (point === 'package-published') published = await stat(folder);
      const killed = await stack.kill('control');
      at = { killed, answered: await stack.restart('control') };
    }
    const before = await completedActivities(stack.engine, id);
    run = await survived(stack, id, 'control killed when the seal had its name', {
      before: before.filter(({ at: time }) => time < at.killed),
      ...at,
    });
    verified = await verifyPackage(stack.config.configFolder, run.seal.folder);
  });

  test('completes', async () => {
    expect(run.seal).toMatchObject({ status: 'COMPLETED', failure: null, by: 'conclude' });
    await expectOneResultEach(stack, run);
    expectKept(run);
  });

  test('tests no combination twice', async () => {
    const { evaluations } = mergeReportSchema.parse(await readInPackage(run.seal, 'reports/merge.json'));
    const tested = await testedIn(marks);
    expect(testedBefore.length).toBeGreaterThan(0);
    expect(tested.slice(0, testedBefore.length)).toEqual(testedBefore);
    expect(new Set(tested).size).toBe(tested.length);
    expect(tested.toSorted()).toEqual(evaluations.map(({ workspace }) => workspace).toSorted());
  });

  test('never shows half a package', () => {
    const temporary = expect.stringMatching(/^\.run-/);
    expect(seen.get('package-staged')).toEqual({ packages: [], run: [] });
    expect(seen.get('package-half-written')).toEqual({ packages: [temporary], run: [] });
    const whole = seen.get('package-published');
    expect(whole?.packages).toEqual([name]);
    expect(whole?.run).toEqual(expect.arrayContaining(['delivery.json', 'manifest', 'attestations']));
    expect(whole?.run).not.toContain('seal');
    expect(seen.get('histories-half-written')?.run.filter((file) => !whole?.run.includes(file))).toEqual([
      expect.stringMatching(/^\.histories\./),
    ]);
    expect(seen.get('seal-published')?.run.toSorted()).toEqual(
      [...(whole?.run ?? []), 'histories', 'seal'].toSorted(),
    );
  });

  test('delivers once: what was delivered before the kill stays as it is', async () => {
    await expectDeliveredOnce(run);
    const { ino, birthtimeMs } = await stat(run.seal.folder);
    expect([ino, birthtimeMs]).toEqual([published.ino, published.birthtimeMs]);
  });

  test('leaves one package and nothing that is temporary', async () => {
    expect(await readdir(paths(stack.config).packages)).toEqual([name]);
    const files = await readdir(run.seal.folder, { recursive: true });
    expect(files.filter((file) => /(^|\/)\./.test(file))).toEqual([]);
    expect(await stack.store.entries.list(`merges/${id}/`)).toEqual([]);
  });

  test('has a package and a seal that are proven, and that tell of each attempt', () => {
    expect(unproven(verified.report)).toEqual(notAsked);
    expect(verified).toMatchObject({ code: 0, report: { proven: true, sealed: true } });
    const made = (activity: string) =>
      run.attempts.filter((one) => one.activity === activity).map(({ outcome }) => outcome);
    expect(made('mergeCandidates')).toEqual(['unknown', 'completed']);
    expect(made('stagePackage')).toEqual(['unknown', 'completed']);
  });
});
