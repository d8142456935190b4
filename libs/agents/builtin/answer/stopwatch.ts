/** Times the steps of a program, in whole milliseconds, for its measurements. */
export class Stopwatch {
  readonly ms: Record<string, number> = {};

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.ms[step] = Math.round(performance.now() - start);
    }
  }
}
