/** All that can be reached from a node, itself first, in the order in which it is reached. */
export function reachable(start: string, next: (node: string) => Iterable<string>): string[] {
  const seen = new Set([start]);
  for (const node of seen) for (const other of next(node)) seen.add(other);
  return [...seen];
}
