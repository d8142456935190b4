/**
 * Work that is asked for often and done seldom: one at a time, at most once in an interval, and once more after the
 * last time that it was asked for.
 */
export class Latest {
  #asked = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;

  /** @param interval milliseconds between the ends and starts of two executions */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly interval: number,
  ) {}

  ask(): void {
    this.#asked = true;
    if (this.#running === undefined && this.#timer === undefined) this.#begin();
  }

  /** Resolves when nothing is being done; fails where the work failed. */
  async settled(): Promise<void> {
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** What was asked for and has not begun is not done any more. */
  stop(): void {
    this.#asked = false;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#asked = false;
    this.#running = this.work()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#running = undefined;
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          if (this.#asked) this.#begin();
        }, this.interval);
        this.#timer.unref();
      });
  }
}
