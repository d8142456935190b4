import type { AnalysedUnit, Said } from './analyse-request.js';
import { phrasePattern } from './phrases.js';
import { emptyReferences } from './vocabulary.js';

const references = phrasePattern(emptyReferences);
const pronoun =
  /^\s*(it|they|(?:this|that|these|those)(?=\s+(?:is|are|was|were|must|should|shall|can|will|has|have|needs?|does|do|would|takes?|works?|breaks?|looks?|also)\b))\b/i;

/**
 * Words of a unit that refer to something which is not there: phrases that point out of the request, a pronoun at the
 * beginning with nothing said before it in its paragraph, a pronoun as the object of the goal, and a pronoun after a
 * sentence that names several things. Of a sentence that was moved only the phrases are looked at: what it followed
 * is told by its mark.
 */
export function findAmbiguous(unit: AnalysedUnit, before: AnalysedUnit | undefined): Said[] {
  const phrases = [...unit.masked.matchAll(references)].map(({ 0: text, index }) => ({ at: index, text }));
  if (unit.moved) return phrases;
  const first = pronoun.exec(unit.masked);
  const leading = first?.[1] ? [{ at: first[0].length - first[1].length, text: first[1] }] : [];
  const alone = !unit.follows && unit.under === null;
  const several = unit.follows && new Set(before?.names.map(({ text }) => text)).size > 1;
  const object =
    unit.goal?.pronounAt !== null && unit.goal?.pronounAt !== undefined && alone
      ? [
          {
            at: unit.goal.pronounAt,
            text: /^\p{L}+/u.exec(unit.masked.slice(unit.goal.pronounAt))?.[0] ?? '',
          },
        ]
      : [];
  return [...phrases, ...(alone || several ? leading : []), ...object].sort((a, b) => a.at - b.at);
}
