const special = /[.*+?^${}()|[\]\\/]/g;

/** A pattern that finds any of some phrases as whole words, the longest first, whatever blanks are between words. */
export function phrasePattern(phrases: readonly string[]): RegExp {
  const longestFirst = [...new Set(phrases)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const alternatives = longestFirst.map((phrase) =>
    phrase
      .split(' ')
      .map((word) => word.replaceAll(special, '\\$&'))
      .join('\\s+'),
  );
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}-])`, 'giu');
}

/** A phrase as it is compared: lower case, one blank between words. */
export const plainPhrase = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
