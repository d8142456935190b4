/** Runs an action for each item, `width` at a time. After a failure no further one starts, and all have ended. */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    if (failures.length > 0) break;
    const one = action(item).then(
      () => void running.delete(one),
      (error: unknown) => {
        running.delete(one);
        failures.push(error);
      },
    );
    running.add(one);
    if (running.size >= width) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
