import { sectionNames } from './vocabulary.js';

/** A range of a text: first character, and the one after the last. */
export type Range = readonly [number, number];

// A full stop after these does not end a sentence.
const abbreviations = /(?:^|[\s(])(?:e\.g|i\.e|vs|cf|approx|incl|resp|no|fig|mr|mrs|ms|dr|st|max|min|ca)\.$/i;
// From where a row of marks begins: from each of them again would take the square of the time.
const ends = /(?<![.!?…])[.!?…]+["'”’)\]]*(?=\s+\S)|[。！？]/gu;
const begins = /^\s+[\p{Lu}\p{Nd}"'“‘(\ufffc]/u;
const labels = new RegExp(`\\n(?=[ ]*(?:${Object.values(sectionNames).flat().join('|')})[ ]*:)`, 'gi');

/**
 * Splits a paragraph into sentences: after a full stop, question or exclamation mark that something follows which
 * begins a sentence, but not after an abbreviation; and before a line that begins with the label of a section.
 *
 * @param text the paragraph, of which code and addresses are hidden
 * @param whole ranges that are never divided, such as emphasised words; in its offsets
 * @param breaks offsets at which a line ends by the author's will
 */
export function splitSentences(text: string, whole: readonly Range[], breaks: readonly number[]): Range[] {
  const cuts = [
    ...[...text.matchAll(ends)].flatMap(({ 0: mark, index }) => {
      const end = index + mark.length;
      if (/^[。！？]$/.test(mark)) return [end];
      if (!begins.test(text.slice(end, end + 20)) && !/^\s{20}/.test(text.slice(end, end + 20))) return [];
      return mark === '.' && abbreviations.test(text.slice(Math.max(0, end - 12), end)) ? [] : [end];
    }),
    ...[...text.matchAll(labels)].map(({ index }) => index + 1),
    ...breaks,
  ]
    .map((cut) => {
      // A sentence that ends within emphasis ends with it.
      const around = whole.find(([from, to]) => cut > from && cut < to);
      return around && text.slice(cut, around[1]).trim() === '' ? around[1] : cut;
    })
    .filter((cut) => !whole.some(([from, to]) => cut > from && cut < to))
    .sort((a, b) => a - b);
  const edges = [0, ...cuts, text.length];
  return edges.slice(1).flatMap((to, index): Range[] => {
    const from = edges[index] ?? 0;
    return text.slice(from, to).trim() === '' ? [] : [[from, to]];
  });
}
