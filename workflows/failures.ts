import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../libs/contracts/artifact.js';
import { type ErrorCode, errors, isErrorCode } from '../libs/protocol/errors.js';

/** A failure as people and the record see it. */
export interface Failure {
  readonly code: ErrorCode | 'Cancelled';
  readonly message: string;
}

/** The code and sentence of whatever went wrong, taken from the innermost cause that has one. */
export function failureFrom(error: unknown): Failure {
  if (isCancellation(error)) return { code: 'Cancelled', message: 'The run was cancelled.' };
  if (error instanceof ApplicationFailure) {
    const code = error.type && isErrorCode(error.type) ? error.type : 'Unexpected';
    return { code, message: bounded(error.message) };
  }
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) {
    return error.cause ? failureFrom(error.cause) : { code: 'Unexpected', message: bounded(error.message) };
  }
  if (error instanceof TimeoutFailure)
    return { code: 'TimedOut', message: `${errors.TimedOut.says} (${error.timeoutType})` };
  if (error instanceof TerminatedFailure)
    return { code: 'Unexpected', message: 'A phase was terminated from outside.' };
  return { code: 'Unexpected', message: bounded(error instanceof Error ? error.message : String(error)) };
}

/** The failure by which a workflow ends with a code; `details[0]` is the record that was written, if any. */
export const endWith = (failure: Failure, record?: ArtifactRef): ApplicationFailure =>
  ApplicationFailure.nonRetryable(failure.message, failure.code, record ?? null);

/** The record that a failed phase wrote. */
export function recordOf(error: unknown): ArtifactRef | null {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return null;
  const [record] = (cause.details ?? []) as (ArtifactRef | null)[];
  return record ?? null;
}

const bounded = (message: string): string => (message.length > 500 ? `${message.slice(0, 499)}…` : message);
