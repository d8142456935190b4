import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { expect, test } from 'vitest';
import { endWith, failureFrom, recordOf } from '../../workflows/failures.js';
import { refTo } from '../support/activity-doubles.js';

const ofActivity = (cause: Error) =>
  new ActivityFailure('failed', 'verb', 'verb.1', RetryState.TIMEOUT, 'worker', cause);
const ofChild = (cause: Error) =>
  new ChildWorkflowFailure(
    'default',
    { workflowId: 'w', runId: 'r' },
    'ingest',
    RetryState.NON_RETRYABLE_FAILURE,
    cause,
  );

test.each([
  ['a code of the table', ofActivity(ApplicationFailure.nonRetryable('No tests.', 'NoTests')), 'NoTests'],
  [
    'a code that is in no table',
    ofActivity(ApplicationFailure.nonRetryable('Odd.', 'TypeError')),
    'Unexpected',
  ],
  [
    'a time that ran out',
    ofActivity(new TimeoutFailure('late', undefined, TimeoutType.SCHEDULE_TO_CLOSE)),
    'TimedOut',
  ],
  ['a child that failed with a code', ofChild(endWith({ code: 'Blocked', message: 'No.' })), 'Blocked'],
  ['a cancellation', ofActivity(new CancelledFailure('cancelled')), 'Cancelled'],
  ['an error of ours', new Error('oops'), 'Unexpected'],
])('%s gives its code', (_, error, code) => {
  expect(failureFrom(error).code).toBe(code);
});

test('a sentence that is too long for a history is cut', () => {
  expect(failureFrom(new Error('x'.repeat(2_000))).message).toHaveLength(500);
});

test('the record of a phase that failed comes with its failure', () => {
  const record = refTo('record');
  expect(recordOf(ofChild(endWith({ code: 'Blocked', message: 'No.' }, record)))).toEqual(record);
  expect(recordOf(ofChild(endWith({ code: 'Blocked', message: 'No.' })))).toBeNull();
  expect(recordOf(new Error('oops'))).toBeNull();
});
