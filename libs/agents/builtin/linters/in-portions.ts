/** Calls a tool once for every 500 files, so that a command line never grows too long. */
export async function inPortions<T>(
  files: readonly string[],
  call: (portion: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const results: T[] = [];
  for (let start = 0; start < files.length; start += 500) {
    results.push(...(await call(files.slice(start, start + 500))));
  }
  return results;
}
