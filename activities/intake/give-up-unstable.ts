import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { HeptadError } from '../../libs/protocol/errors.js';

/** Attempts at a subject that changes while it is looked at; with their pauses some seconds. */
const attempts = 7;

/**
 * Runs work of an activity on a subject that may change meanwhile. That is tried again, but not for ever: a subject
 * may change all the time.
 *
 * @throws what the work throws; `SubjectUnstable` is not retried any more from the seventh attempt on
 */
export async function giveUpUnstable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const unstable = error instanceof HeptadError && error.code === 'SubjectUnstable';
    if (!unstable || Context.current().info.attempt < attempts) throw error;
    throw ApplicationFailure.nonRetryable(error.message, error.code, error.problems);
  }
}
