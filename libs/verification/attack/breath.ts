import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which others have their turn. */
const longest = 10;

/** Lets the event loop come round in work that waits for nothing: what is in memory is there at once. */
export class Breath {
  #since = performance.now();

  /** Resolves at once, or in the event loop's next turn where the work has gone on for a while. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < longest) return;
    await setImmediate();
    this.#since = performance.now();
  }
}
