import { expect, test } from 'vitest';
import { answerTo } from '../../../../../libs/agents/builtin/answer/serve-task.js';
import { TaskFailure } from '../../../../../libs/agents/builtin/answer/task-failure.js';
import { taskWith } from '../../support/places.js';

const input = (parameters = {}): string => JSON.stringify(taskWith(parameters));

test('what the work gives is the answer, with the time that it took', async () => {
  const answer = await answerTo(async () => ({ outcome: { a: 1 }, measurements: { b: 2 } }), input(), 0);
  expect(answer).toEqual({
    status: 'done',
    outcome: { a: 1 },
    measurements: { b: 2, totalMs: expect.any(Number) },
  });
});

test('the work is told how much of its time is left', async () => {
  const told = async (parameters: object) =>
    answerTo(async (task) => ({ outcome: task.parameters, measurements: {} }), input(parameters), 400);
  expect(await told({ limits: { wallMs: 1000 }, x: 1 })).toMatchObject({
    outcome: { limits: { wallMs: 600 }, x: 1 },
  });
  expect(await told({ x: 1 })).toMatchObject({ outcome: { x: 1 } });
});

test('a failure keeps its code; any other error, and a task that is none, is AgentFailed', async () => {
  const failing = (error: Error) => async () => {
    throw error;
  };
  expect(await answerTo(failing(new TaskFailure('NoTests', 'none')), input(), 0)).toEqual({
    status: 'failed',
    code: 'NoTests',
    message: 'none',
  });
  expect(await answerTo(failing(new Error('x'.repeat(5000))), input(), 0)).toEqual({
    status: 'failed',
    code: 'AgentFailed',
    message: 'x'.repeat(2000),
  });
  expect(await answerTo(failing(new Error('never called')), '{"version":2}', 0)).toMatchObject({
    code: 'AgentFailed',
  });
});
