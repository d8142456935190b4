/** The value below which a share of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN;
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** Prints a figure as a line: what was measured, then values by name. */
export function figure(what: string, values: Readonly<Record<string, string>>): void {
  const named = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  console.log(`${what}: ${named.join(', ')}`);
}
