/**
 * Waits until all have ended, then gives their values or throws the first error. `Promise.all` alone would go on
 * while others run, and the record would not know how they end.
 */
export async function allEnded<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<{ -readonly [K in keyof T]: T[K] }> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
