import { join } from 'node:path';
import { Context, type Info } from '@temporalio/activity';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { activityInterceptor } from '../../../apps/worker/activity-interceptor.js';
import { CircuitBreakers } from '../../../apps/worker/circuit-breakers.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { SandboxInForce } from '../../../libs/contracts/agent.js';
import { readAttempts } from '../../../libs/evidence/attempt-entries.js';
import { lastStep, proveStep } from '../../../libs/evidence/progress.js';
import { readSteps } from '../../../libs/evidence/step-entries.js';
import { stepChainProblems } from '../../../libs/evidence/step-problems.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { noteSandbox } from '../../../libs/temporal/attempt-notes.js';
import { freshSigner, trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const workflowId = 'run-r1/3-execute';
const sandbox: SandboxInForce = {
  kind: 'process',
  isolation: 'bubblewrap',
  user: 'another',
  memory: 'cgroup',
  processes: 'cgroup',
  disk: 'watchdog',
  network: 'none',
};

/** A worker with one activity, whose dependency's breaker opens at its first failure. */
async function worker() {
  const store = openStore(join(await temporaryFolder(), 'artifacts'));
  const signer = freshSigner('agents');
  const warnings: unknown[] = [];
  const intercept = activityInterceptor({
    store,
    signer,
    breakers: new CircuitBreakers({ failures: 1 }),
    logger: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line)) }),
    worker: 'agents@here#1',
  });
  const attempt = async (
    number: number,
    body: (environment: MockActivityEnvironment) => Promise<unknown>,
    info: Partial<Info> = {},
  ): Promise<unknown> => {
    const environment = new MockActivityEnvironment(
      {
        activityId: 'look.1',
        activityType: 'runAgent',
        attempt: number,
        workflowExecution: { workflowId, runId: 'x' },
        ...info,
      },
      { logger: new DefaultLogger('ERROR') },
    );
    const input = { args: [{ agent: { id: 'looker' } }], headers: {} };
    return await environment.run(
      async () => await intercept(Context.current()).execute?.(input, () => body(environment)),
    );
  };
  const log = () => readAttempts(store, 'r1', workflowId);
  const steps = () => readSteps(store, 'r1', workflowId);
  return { attempt, log, steps, warnings, trust: trustIn(signer) };
}

const away = async (): Promise<never> => {
  throw new HeptadError('DependencyUnreachable', 'It is away.');
};

describe('an attempt of an activity', () => {
  test('is in the log before it does anything, with an end that is unknown', async () => {
    const { attempt, log } = await worker();
    let during: unknown;
    await attempt(1, async () => {
      during = await log();
    });
    expect(during).toEqual([
      expect.objectContaining({
        key: `${workflowId}:look.1`,
        activity: 'runAgent',
        attempt: 1,
        outcome: 'unknown',
        endedAt: null,
        worker: 'agents@here#1',
      }),
    ]);
  });

  test('is in the log with its end and the sandbox that was in force, and gives its result', async () => {
    const { attempt, log } = await worker();
    const result = await attempt(1, async () => {
      noteSandbox(sandbox);
      return 'seen';
    });
    expect(result).toBe('seen');
    expect(await log()).toMatchObject([
      { outcome: 'completed', code: null, sandbox, endedAt: expect.any(String) },
    ]);
  });

  test('that was cut off is a gap that the next one leaves as unknown', async () => {
    const { attempt, log } = await worker();
    await attempt(2, async () => 'seen');
    expect(await log()).toMatchObject([
      { attempt: 1, outcome: 'unknown', endedAt: null },
      { attempt: 2, outcome: 'completed' },
    ]);
  });

  test('that fails ends with its code, retried or not by the table', async () => {
    const { attempt, log } = await worker();
    const failing = (code: 'NoTests' | 'SubjectUnstable') => async (): Promise<never> => {
      throw new HeptadError(code);
    };
    await expect(attempt(1, failing('SubjectUnstable'))).rejects.toMatchObject({
      type: 'SubjectUnstable',
      nonRetryable: false,
    });
    await expect(attempt(2, failing('NoTests'))).rejects.toMatchObject({
      type: 'NoTests',
      nonRetryable: true,
    });
    expect((await log()).map(({ outcome, code }) => [outcome, code])).toEqual([
      ['failed', 'SubjectUnstable'],
      ['failed', 'NoTests'],
    ]);
  });

  test('that fails puts no path of its machine into the history', async () => {
    const { attempt } = await worker();
    const failure = await attempt(1, away).catch((error: unknown) => error);
    expect(failure).toHaveProperty('stack', 'ApplicationFailure: It is away.');
  });

  test('that fails by surprise is told as that, and is tried again', async () => {
    const { attempt } = await worker();
    const broken = async (): Promise<never> => {
      throw new TypeError('It is not a function.');
    };
    await expect(attempt(1, broken)).rejects.toMatchObject({
      type: 'Unexpected',
      nonRetryable: false,
      message: 'It is not a function.',
    });
  });

  test('is refused while the breaker of its dependency is open, and the log says so', async () => {
    const { attempt, log } = await worker();
    await expect(attempt(1, away)).rejects.toMatchObject({ type: 'DependencyUnreachable' });
    let called = false;
    const refused = attempt(2, async () => {
      called = true;
    });
    await expect(refused).rejects.toMatchObject({ type: 'CircuitOpen' });
    expect(called).toBe(false);
    expect((await log()).map(({ code }) => code)).toEqual(['DependencyUnreachable', 'CircuitOpen']);
  });

  test('that is cancelled ends as cancelled, not as failed', async () => {
    const { attempt, log } = await worker();
    const cancelled = attempt(1, async (environment) => {
      environment.cancel();
      await Context.current().cancelled;
    });
    await expect(cancelled).rejects.toThrow(CancelledFailure);
    expect(await log()).toMatchObject([{ outcome: 'cancelled', code: null }]);
  });

  test('that its worker puts down is left to the next one', async () => {
    const { attempt, log } = await worker();
    const putDown = attempt(1, async (environment) => {
      environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
      await Context.current().cancelled;
    });
    await expect(putDown).rejects.toMatchObject({ type: 'WorkerStopping', nonRetryable: false });
    expect(await log()).toMatchObject([{ outcome: 'failed', code: 'WorkerStopping' }]);
  });

  test('says again and again that it lives, until it has ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { attempt } = await worker();
      let beats = 0;
      await attempt(1, async (environment) => {
        environment.on('heartbeat', () => {
          beats += 1;
        });
        vi.advanceTimersByTime(2_000);
      });
      expect(beats).toBe(4);
      vi.advanceTimersByTime(2_000);
      expect(beats).toBe(4);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the progress of an activity', () => {
  const cutOff = async (): Promise<never> => {
    await proveStep({ milestone: 'half', percent: 50 });
    throw new HeptadError('WorkerStopping');
  };

  test('goes on in the next attempt where the last one ended, as one chain', async () => {
    const { attempt, log, steps, trust } = await worker();
    await attempt(1, cutOff).catch(() => undefined);
    await attempt(2, async () => {
      expect(lastStep()).toMatchObject({ milestone: 'half', attempt: 1 });
      await proveStep({ milestone: 'done', percent: 100 });
    });
    const proven = await steps();
    expect(
      stepChainProblems(
        proven.map(({ step }) => step),
        trust,
      ),
    ).toEqual([]);
    expect(proven.map(({ step }) => [step.attempt, step.milestone])).toEqual([
      [1, 'half'],
      [2, 'done'],
    ]);
    expect((await log()).map(({ lastStep: last }) => last)).toEqual(proven.map(({ digest }) => digest));
  });

  test('is in every heartbeat from its first step on, and in those of the next attempt', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { attempt, steps } = await worker();
      const beats: unknown[] = [];
      const listening =
        (then: () => Promise<void>) =>
        async (environment: MockActivityEnvironment): Promise<void> => {
          environment.on('heartbeat', (details: unknown) => beats.push(details));
          vi.advanceTimersByTime(500);
          await then();
          vi.advanceTimersByTime(500);
        };
      await attempt(
        1,
        listening(async () => await proveStep({ milestone: 'half', percent: 50 })),
      );
      const [proven] = await steps();
      const details = { step: proven?.digest, milestone: 'half', percent: 50 };
      expect(beats).toEqual([undefined, details, details]);
      await attempt(
        2,
        listening(async () => undefined),
        { heartbeatDetails: details },
      );
      expect(beats.slice(3)).toEqual([details, details]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is read from the store, and a heartbeat that names a step which it does not have is told of', async () => {
    const { attempt, warnings } = await worker();
    const step = `sha256:${'0'.repeat(64)}`;
    await attempt(2, async () => expect(lastStep()).toBeUndefined(), { heartbeatDetails: { step } });
    expect(warnings).toMatchObject([{ step, msg: 'The store does not have a step that a heartbeat named.' }]);
  });

  test('is not proven by a local activity, whose attempts cannot be told apart', async () => {
    const { attempt, steps } = await worker();
    await attempt(1, async () => await proveStep({ milestone: 'half', percent: 50 }), { isLocal: true });
    expect(await steps()).toEqual([]);
  });
});
