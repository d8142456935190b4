import { Context } from '@temporalio/activity';

/**
 * Runs the body of an activity that can be stopped. The signal fires when the activity is cancelled or the worker
 * shuts down; that the activity lives is said by the worker's interceptor.
 */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await body(Context.current().cancellationSignal);
}
