import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { attemptEntryName, readAttemptLog } from '../../../libs/evidence/attempt-entries.js';
import {
  lastStep,
  mostSteps,
  Progress,
  type ProgressDetails,
  progress,
  proveStep,
  showPartial,
} from '../../../libs/evidence/progress.js';
import { readChain, stepEntryName } from '../../../libs/evidence/step-entries.js';
import { stepChainProblems } from '../../../libs/evidence/step-problems.js';
import { digestOf } from '../../support/run-evidence.js';
import { freshSigner, trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const activity = { run: 'r1', workflowId: 'run-r1/3-execute', activityId: 'look.1' };

/** An activity whose attempts run where a test says. */
async function activityWithAttempts(signer = freshSigner('agents')) {
  const store = openStore(join(await temporaryFolder(), 'artifacts'));
  const beats: (ProgressDetails | undefined)[] = [];
  const open = (attempt: number, by = signer) =>
    Progress.open({ store, signer: by, ...activity, attempt, heartbeat: (details) => beats.push(details) });
  const run = async <T>(attempt: number, body: () => Promise<T>, by = signer): Promise<T> =>
    await progress.run(await open(attempt, by), body);
  const steps = async () => (await readChain(store, activity)).map(({ step }) => step);
  return { store, beats, open, run, steps, trust: trustIn(signer) };
}

describe('the steps of an activity', () => {
  test('are what heartbeats carry, with what the work has come to since the last of them', async () => {
    const { run, beats, steps } = await activityWithAttempts();
    await run(1, async () => {
      await proveStep({ milestone: 'prepared', percent: 20 });
      showPartial({ tests: 3 });
      progress.getStore()?.beat();
      await proveStep({ milestone: 'ended', percent: 80 });
    });
    expect(beats).toMatchObject([{ percent: 20 }, { percent: 20, partial: { tests: 3 } }, { percent: 80 }]);
    expect(beats[2]).not.toHaveProperty('partial');
    expect(JSON.stringify(await steps())).not.toContain('tests');
  });

  test('are a signed chain, each an artifact and an entry, and heartbeats name the last', async () => {
    const { run, steps, store, beats, trust } = await activityWithAttempts();
    await run(1, async () => {
      await proveStep({ milestone: 'prepared', percent: 20 });
      await proveStep({
        milestone: 'ended',
        percent: 80,
        checkpoint: digestOf('c'),
        effects: [digestOf('e')],
      });
    });
    const proven = await steps();
    expect(proven).toMatchObject([
      { number: 1, attempt: 1, previous: null, milestone: 'prepared', percent: 20, checkpoint: null },
      {
        number: 2,
        key: 'run-r1/3-execute:look.1',
        percent: 80,
        checkpoint: digestOf('c'),
        effects: [digestOf('e')],
      },
    ]);
    expect(stepChainProblems(proven, trust)).toEqual([]);
    const [first, second] = beats;
    expect(first).toMatchObject({ milestone: 'prepared', percent: 20 });
    expect(proven[1]?.previous).toBe(first?.step);
    expect(second && (await store.has(second.step))).toBe(true);
  });

  test('go on where an earlier attempt ended, and never go back', async () => {
    const { run, steps, trust, beats } = await activityWithAttempts();
    await run(1, async () => {
      await proveStep({ milestone: 'half', percent: 50, checkpoint: digestOf('half') });
    });
    await run(3, async () => {
      expect(lastStep()).toMatchObject({ milestone: 'half', checkpoint: digestOf('half') });
      await proveStep({ milestone: 'prepared', percent: 20 });
      expect(lastStep()).toMatchObject({ milestone: 'prepared' });
    });
    const proven = await steps();
    expect(proven.map(({ number, attempt, percent }) => [number, attempt, percent])).toEqual([
      [1, 1, 50],
      [2, 3, 50],
    ]);
    expect(stepChainProblems(proven, trust)).toEqual([]);
    expect(beats).toHaveLength(2);
  });

  test('are taken one after another, also when they are proven at once', async () => {
    const { run, steps, trust } = await activityWithAttempts();
    await run(1, async () => {
      await Promise.all([10, 20, 30].map((percent) => proveStep({ milestone: `${percent}`, percent })));
    });
    expect((await steps()).map(({ percent }) => percent)).toEqual([10, 20, 30]);
    expect(stepChainProblems(await steps(), trust)).toEqual([]);
  });

  test('of an attempt that is not dead yet come before those of the next', async () => {
    const { open, steps, trust } = await activityWithAttempts();
    const [first, second] = [await open(1), await open(2)];
    await first.prove({ milestone: 'late', percent: 10 });
    await second.prove({ milestone: 'mine', percent: 5 });
    expect((await steps()).map(({ milestone, attempt }) => [milestone, attempt])).toEqual([
      ['late', 1],
      ['mine', 2],
    ]);
    expect(stepChainProblems(await steps(), trust)).toEqual([]);
    await expect(first.prove({ milestone: 'too late', percent: 20 })).rejects.toMatchObject({
      code: 'WorkerStopping',
    });
    await expect(open(1)).rejects.toMatchObject({ code: 'WorkerStopping' });
  });

  test('end after as many as an activity proves', async () => {
    const { run, steps } = await activityWithAttempts();
    await run(1, async () => {
      for (let at = 0; at <= mostSteps; at += 1) await proveStep({ milestone: `${at}`, percent: at / 4 });
    });
    expect(await steps()).toHaveLength(mostSteps);
  });

  test('are small, and their percentage never falls within an attempt', async () => {
    const { run, steps } = await activityWithAttempts();
    await run(1, async () => {
      await proveStep({ milestone: 'half', percent: 50 });
      await expect(proveStep({ milestone: 'less', percent: 49 })).rejects.toThrow(RangeError);
      await expect(proveStep({ milestone: 'over', percent: 101 })).rejects.toThrow(RangeError);
      await expect(proveStep({ milestone: 'none', percent: Number.NaN })).rejects.toThrow(RangeError);
      await expect(proveStep({ milestone: 'x'.repeat(101), percent: 60 })).rejects.toThrow(RangeError);
      const effects = Array.from({ length: 10 }, (_, at) => digestOf(`${at}`));
      await expect(proveStep({ milestone: 'large', percent: 60, effects })).rejects.toThrow('over 1024');
      await proveStep({ milestone: 'more', percent: 60 });
    });
    expect((await steps()).map(({ milestone }) => milestone)).toEqual(['half', 'more']);
  });

  test('are not proven outside an activity', async () => {
    await proveStep({ milestone: 'nobody', percent: 1 });
    expect(lastStep()).toBeUndefined();
  });

  test('of another key are gone on with, but nothing is resumed from what they say', async () => {
    const { run, steps } = await activityWithAttempts();
    const stranger = freshSigner('agents');
    await run(
      1,
      () => proveStep({ milestone: 'forged', percent: 90, checkpoint: digestOf('bad') }),
      stranger,
    );
    await run(2, async () => {
      expect(lastStep()).toBeUndefined();
      await proveStep({ milestone: 'mine', percent: 10 });
    });
    expect((await steps()).map(({ number }) => number)).toEqual([1, 2]);
  });

  test('that were tampered with are not gone on with', async () => {
    const { run, store, steps, open } = await activityWithAttempts();
    await run(1, async () => {
      await proveStep({ milestone: 'first', percent: 10 });
      await proveStep({ milestone: 'second', percent: 20 });
    });
    const [first] = await steps();
    await store.entries.put(stepEntryName(activity, 1), JSON.stringify({ ...first, percent: 15 }));
    await expect(open(2)).rejects.toMatchObject({ code: 'ArtifactCorrupt' });
    await store.entries.delete(stepEntryName(activity, 1));
    await expect(open(2)).rejects.toMatchObject({ code: 'ArtifactCorrupt' });
  });
});

test('an attempt without an end has in the log the last step that it proved', async () => {
  const { run, store, beats } = await activityWithAttempts();
  for (const attempt of [1, 2]) {
    const name = attemptEntryName({ ...activity, attempt }, 'begin');
    const began = {
      key: `${activity.workflowId}:${activity.activityId}`,
      activity: 'runAgent',
      attempt,
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: null,
      outcome: 'unknown',
      code: null,
      worker: 'agents@1',
      sandbox: null,
      lastStep: null,
    };
    await store.entries.put(name, JSON.stringify(began));
  }
  await run(1, () => proveStep({ milestone: 'first', percent: 10 }));
  await run(3, () => proveStep({ milestone: 'not known of', percent: 20 }));
  const { attempts, steps } = await readAttemptLog(store, 'r1', activity.workflowId);
  expect(attempts.map(({ lastStep: last }) => last)).toEqual([beats[0]?.step, null]);
  expect(steps.map(({ milestone }) => milestone)).toEqual(['first']);
});
