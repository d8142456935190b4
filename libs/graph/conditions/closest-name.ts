import { CmpStr } from 'cmpstr';

/** Part of a name, from 0 to 1, that must be the same for it to be taken for a misspelt one. */
const alike = 0.6;
/** Names that are compared in full, and characters that such a name may have; that comparison is slow. */
const mostCompared = 20;
const longestName = 100;

/** The known name that is most like another, the first of equals; undefined where none is alike. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestName) return undefined;
  const comparison = CmpStr.create({ metric: 'damerau' });
  const similarity = (candidate: string): number =>
    comparison.test(name.toLowerCase(), candidate.toLowerCase()).match;
  // A slip of the pen leaves most of the beginning and the end as they are.
  const [closest] = known
    .filter((candidate) => candidate.length <= longestName)
    .map((candidate) => ({ candidate, same: sameEnds(name, candidate) }))
    .sort((one, other) => other.same - one.same)
    .slice(0, mostCompared)
    .map(({ candidate }) => ({ candidate, match: similarity(candidate) }))
    .filter(({ match }) => match >= alike)
    .sort((one, other) => other.match - one.match);
  return closest?.candidate;
}

/** How much of two names is the same at the beginning and at the end, less what one is longer. */
function sameEnds(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let before = 0;
  while (before < shorter && one[before] === other[before]) before += 1;
  let after = 0;
  while (after < shorter - before && one.at(-1 - after) === other.at(-1 - after)) after += 1;
  return before + after - Math.abs(one.length - other.length);
}
