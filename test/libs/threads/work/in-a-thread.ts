import { isMainThread } from 'node:worker_threads';

/** Where this file's functions are, for a thread. */
export const module = import.meta.url;

/** Says where it runs, and gives back what it was given. */
export const tell = <T>(given: T): { given: T; isMainThread: boolean } => ({ given, isMainThread });

/** Marks the first number when it starts, and never ends. */
export function endless(started: Int32Array): never {
  Atomics.store(started, 0, 1);
  Atomics.notify(started, 0);
  for (;;);
}

/** Fails as a thread's own code may. */
export function fail(message: string): never {
  throw new RangeError(message);
}
