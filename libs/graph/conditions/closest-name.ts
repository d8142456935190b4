import { CmpStr } from 'cmpstr';

/** Part of a name, from 0 to 1, that must be the same for it to be taken for a misspelt one. */
const alike = 0.6;

/** The known name that is most like another, the first of equals; undefined where none is alike. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const comparison = CmpStr.create({ metric: 'damerau' });
  let best: string | undefined;
  let most = alike;
  for (const candidate of known) {
    const { match } = comparison.test(name.toLowerCase(), candidate.toLowerCase());
    if (match > most || (best === undefined && match === most)) [best, most] = [candidate, match];
  }
  return best;
}
