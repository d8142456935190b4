import { Context } from '@temporalio/activity';

/** How often a long activity says that it lives, in milliseconds; the proxies' heartbeat timeout is 2 s. */
const beatEvery = 500;

/**
 * Runs the body of a long activity with a heartbeat beside it, so that a killed worker is noticed within the
 * heartbeat timeout. The signal fires when the activity is cancelled or the worker shuts down.
 */
export async function heartbeating<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), beatEvery);
  try {
    return await body(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
