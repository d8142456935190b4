import { setImmediate } from 'node:timers/promises';

/** How often the event loop comes round while `work` is under way: once at most where the work is done on it. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const end = work().finally(() => {
    done = true;
  });
  while (!done) {
    await setImmediate();
    turns += 1;
  }
  await end;
  return turns;
}
