import { Piscina } from 'piscina';

// Started with the first work, never more than two threads, and none of them keeps the process alive.
let pool: Piscina | undefined;

/** How long an idle thread stays for the next work, in milliseconds. */
const idleTimeout = 5000;

/**
 * Runs a function in a worker thread, so that the event loop stays free meanwhile. What waits for one of the two
 * threads starts in the order of the calls.
 *
 * @param work an exported function of a module that imports packages only: a thread does not resolve `.js` to sources
 * @param module the `import.meta.url` of that module
 * @param input what the function takes; it is copied to the thread, and the result back
 * @param signal ends the work when it fires
 * @throws the signal's reason when it fires, otherwise what the function throws
 */
export async function runInThread<Input, Result>(
  work: (input: Input) => Result,
  module: string,
  input: Input,
  signal?: AbortSignal,
): Promise<Awaited<Result>> {
  signal?.throwIfAborted();
  pool ??= new Piscina({ minThreads: 0, maxThreads: 2, idleTimeout });
  try {
    return await pool.run(input, { filename: module, name: work.name, signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
