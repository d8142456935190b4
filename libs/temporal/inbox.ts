/** What several producers put in, one consumer takes out in the same order, until it is ended or failed. */
export class Inbox<T> {
  readonly #waiting: T[] = [];
  #over = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  push(value: T): void {
    this.#waiting.push(value);
    this.#wake();
  }

  /** Nothing more comes; what is there is still taken out. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  /** What is there is still taken out; then the consumer gets the error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
      if (this.#failure) throw this.#failure.error;
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
