/** Changes of one character after which one name counts as another that was misspelt. */
const most = 2;

/** The name that was most likely meant; undefined where none is near. Swapped neighbours count as one change. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(most, Math.floor(name.length / 2)) + 1;
  for (const one of known) {
    if (Math.abs(one.length - name.length) >= least) continue;
    const changes = changesBetween(name, one);
    if (changes < least) [nearest, least] = [one, changes];
  }
  return nearest;
}

function changesBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + same,
          swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, above] = [above, current];
  }
  return above[b.length] ?? 0;
}

/** `; did you mean "x"?` where a name is near, else a full stop. */
export function orMeant(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '.' : `; did you mean "${nearest}"?`;
}
