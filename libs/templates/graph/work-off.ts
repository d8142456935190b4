/** Work that takes some time, and what it waits for, by number. */
export interface Task {
  readonly ms: number;
  readonly after: readonly number[];
  /** Of those that are ready the highest comes first, then the first in order. */
  readonly priority: number;
}

/** When each task starts, and when the last one has ended, in milliseconds from the start. */
export interface Timetable {
  readonly starts: readonly number[];
  readonly ms: number;
  /** Most tasks that run at once. */
  readonly width: number;
}

/** Works tasks off as the scheduler does: what is ready starts at once where a lane is free. Nothing waits in a circle. */
export function workOff(tasks: readonly Task[], lanes: number): Timetable {
  const behind: number[][] = tasks.map(() => []);
  const open = tasks.map(({ after }) => new Set(after).size);
  for (const [number, { after }] of tasks.entries())
    for (const one of new Set(after)) behind[one]?.push(number);
  const starts = tasks.map(() => 0);
  const end = (number: number): number => (starts[number] ?? 0) + (tasks[number]?.ms ?? 0);
  const ready = new Queue(
    (one, other) => (tasks[other]?.priority ?? 0) - (tasks[one]?.priority ?? 0) || one - other,
  );
  const running = new Queue((one, other) => end(one) - end(other) || one - other);
  for (const [number, count] of open.entries()) if (count === 0) ready.add(number);
  let now = 0;
  let width = 0;
  for (;;) {
    while (running.size < lanes && ready.size > 0) {
      const number = ready.take();
      starts[number] = now;
      running.add(number);
    }
    width = Math.max(width, running.size);
    if (running.size === 0) return { starts, ms: now, width };
    const done = [running.take()];
    now = end(done[0] ?? 0);
    // What ends at the same moment makes room together.
    while (running.size > 0 && end(running.first) === now) done.push(running.take());
    for (const number of done)
      for (const next of behind[number] ?? []) {
        open[next] = (open[next] ?? 0) - 1;
        if (open[next] === 0) ready.add(next);
      }
  }
}

/** A binary heap of numbers. */
class Queue {
  readonly #heap: number[] = [];

  constructor(private readonly compare: (one: number, other: number) => number) {}

  get size(): number {
    return this.#heap.length;
  }

  get first(): number {
    return this.#heap[0] ?? 0;
  }

  add(number: number): void {
    const heap = this.#heap;
    let at = heap.push(number) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.compare(number, heap[parent] ?? 0) >= 0) break;
      heap[at] = heap[parent] ?? 0;
      at = parent;
    }
    heap[at] = number;
  }

  take(): number {
    const heap = this.#heap;
    const taken = this.first;
    const last = heap.pop() ?? 0;
    if (heap.length === 0) return taken;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.compare(heap[child + 1] ?? 0, heap[child] ?? 0) < 0) child += 1;
      if (this.compare(last, heap[child] ?? 0) <= 0) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = last;
    return taken;
  }
}
