import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks. */
const pause = 50;

/**
 * Waits for a condition: asks until the answer is neither undefined nor false. An error of the asking counts as no
 * answer, because what is asked may be dead for a while.
 *
 * @throws Error after `timeout` milliseconds (default 120,000), with what was waited for and what was seen last
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeout = 120_000,
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown = 'no answer';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await delay(pause);
  }
  throw new Error(`Waited ${timeout} ms in vain for ${what}; the last answer was: ${String(last)}`);
}
