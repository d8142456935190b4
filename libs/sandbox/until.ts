import { setTimeout as pause } from 'node:timers/promises';
import { HeptadError } from '../protocol/errors.js';

/**
 * Waits for a condition of the kernel that sends no event, such as a killed process being gone.
 *
 * @throws Unexpected with the complaint, after ten seconds
 */
export async function until(holds: () => Promise<boolean>, complaint: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let wait = 1; !(await holds()); wait = Math.min(wait * 2, 50)) {
    if (performance.now() > deadline)
      throw new HeptadError('Unexpected', `After ten seconds the ${complaint}.`);
    await pause(wait);
  }
}
