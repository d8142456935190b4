import { describe, expect, test } from 'vitest';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import type { Attempt, AttemptLog, Step } from '../../../libs/contracts/evidence.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { attemptLogProblems } from '../../../libs/evidence/attempt-log-problems.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { serviceSigners } from '../../support/service-signers.js';
import { freshSigner } from '../../support/signers.js';

const signers = serviceSigners(freshSigner('person:ada'));
const log = { digest: digestOfJson({}), size: 1, mediaType: 'application/json' };

const stepsOf = (key: string, by: Signer, attempts = [1, 1, 2]): Step[] => {
  const steps: Step[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const before = steps.at(-1);
    steps.push(
      by.signed(payloadType.step, {
        version: 1 as const,
        key,
        attempt,
        number: index + 1,
        previous: before ? digestOfJson(before) : null,
        at: `2026-01-01T00:00:0${index}.000Z`,
        milestone: `step ${index + 1}`,
        percent: 10 * index,
        checkpoint: null,
        effects: [],
      }),
    );
  }
  return steps;
};

const attemptsOf = (steps: readonly Step[], activity: string): Attempt[] =>
  [...new Set(steps.map(({ attempt }) => attempt))].map((attempt) => ({
    key: steps[0]?.key ?? '',
    activity,
    attempt,
    startedAt: null,
    endedAt: null,
    outcome: attempt === 1 ? 'unknown' : 'completed',
    code: null,
    worker: 'w',
    sandbox: null,
    lastStep: digestOfJson(steps.findLast((step) => step.attempt === attempt)),
  }));

function logOf(activityId: string, activity: string, by: Signer): AttemptLog {
  const steps = stepsOf(`run-r1/3-execute:${activityId}`, by);
  return { version: 1, attempts: attemptsOf(steps, activity), steps };
}

const problemsOf = (attemptLog: AttemptLog, count = 2, unknown = 1): string[] =>
  attemptLogProblems(
    attemptLog,
    { run: 'r1', phase: 'execute', attempts: { log, count, unknown } },
    signers.pinned,
  );

describe('an attempt log', () => {
  test('has no problems when its attempts and the steps that they proved are as they were signed', () => {
    expect(problemsOf(logOf('look.1', 'runAgent', signers.agents))).toEqual([]);
    expect(problemsOf(logOf('captureSubject.1', 'captureSubject', signers.producer))).toEqual([]);
    expect(problemsOf(logOf('pass-B.1', 'judgePhase', signers.verifiers.B))).toEqual([]);
  });

  test('does not count with steps of another process than the one that carries such activities out', () => {
    const wrong: readonly [string, string, Signer][] = [
      ['look.1', 'runAgent', signers.producer],
      ['captureSubject.1', 'captureSubject', signers.agents],
      ['pass-B.1', 'judgePhase', signers.verifiers.A],
      ['look.1', 'runAgent', signers.release],
    ];
    for (const [id, activity, by] of wrong)
      expect(problemsOf(logOf(id, activity, by)).join()).toContain(`is signed by ${by.identity}, not by`);
    expect(problemsOf(logOf('look.1', 'runAgent', freshSigner('agents'))).join()).toContain('is not pinned');
  });

  test('does not count with a step that was dropped, moved, changed or repeated', () => {
    const whole = logOf('look.1', 'runAgent', signers.agents);
    const [first, second, third] = whole.steps;
    if (!first || !second || !third) throw new Error('There are too few steps.');
    const others = [
      [second, third],
      [first, third],
      [first, second],
      [second, first, third],
      [first, second, second, third],
      [first, { ...second, percent: 11 }, third],
      [first, { ...second, milestone: 'another' }, third],
      [],
    ];
    for (const steps of others) expect(problemsOf({ ...whole, steps })).not.toEqual([]);
  });

  test('does not count with steps that go back', () => {
    const whole = logOf('look.1', 'runAgent', signers.agents);
    const last = whole.steps.at(-1);
    if (!last) throw new Error('There are no steps.');
    const { signature: _, ...body } = last;
    for (const [change, says] of [
      [{ percent: 5 }, 'goes back from 10 to 5 percent'],
      [{ at: '2025-01-01T00:00:00.000Z' }, 'before the one before it'],
      [{ attempt: 1, number: 4 }, 'stands where 3 is due'],
    ] as const) {
      const steps = [
        ...whole.steps.slice(0, -1),
        signers.agents.signed(payloadType.step, { ...body, ...change }),
      ];
      expect(problemsOf({ ...whole, steps }).join()).toContain(says);
    }
  });

  test('does not count with attempts of which the record knows nothing, or of another phase', () => {
    const whole = logOf('look.1', 'runAgent', signers.agents);
    expect(problemsOf(whole, 3).join()).toContain('the record counts 3 and 1');
    expect(problemsOf({ ...whole, attempts: whole.attempts.slice(1) }, 1, 0).join()).toContain(
      'is of no attempt that is known',
    );
    const attempts = whole.attempts.map((one) => ({ ...one, key: 'run-r2/3-execute:look.1' }));
    expect(problemsOf({ ...whole, attempts, steps: [] }).join()).toContain('is not one of run-r1/3-execute');
  });
});
