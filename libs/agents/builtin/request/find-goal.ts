import { goalVerbs, limitingVerbs, vagueWords } from './vocabulary.js';

/** What a sentence asks for. Offsets are within the sentence. */
export interface Asked {
  readonly verb: string;
  readonly verbAt: number;
  /** Where the object stands; null where there is none, or only a word that points elsewhere. */
  readonly object: readonly [number, number] | null;
  /** The word that points elsewhere, where it stands for the object. */
  readonly pronounAt: number | null;
  /** Whether it bounds the work rather than asks for some. */
  readonly limits: boolean;
}

const openings =
  /^(?:\s|\ufffc|[a-z ]{2,25}:|(?:please|kindly|now|then|first|next|finally|also|and|so|just|hi|hello|hey|let's|let us|dear [a-z]+|all)\b,?|(?:can|could|would|will) you\b|(?:i|we)(?:'d like| would like| want| need| have)(?: you| us)? to\b|(?:your|the|our) (?:task|goal|job|aim)(?: is)?(?: to)?\b|help (?:me|us)(?: to)?\b|you (?:should|are to)\b)+/i;
const verbs = new Set([...goalVerbs, ...limitingVerbs]);
const objectEnds =
  /[,;:.!?。！？]|\s(?:so that|because|without|in order to|which|unless|if|when|but|must|should|and then)\s/i;
const finite = /^(?:is|are|was|were|must|should|can|will|has|have|does|do|may|might|shall)$/i;
const pointing = new Set([
  'it',
  'them',
  'everything',
  'something',
  'things',
  'stuff',
  'anything',
  'him',
  'her',
]);
const determining = new Set(['this', 'that', 'these', 'those']);
const filling = new Set(['and', 'or', 'a', 'bit', 'much', 'more', 'really', 'very', 'all', 'again']);
const vague = new Set<string>(Object.values(vagueWords).flat());

/**
 * The imperative at the beginning of a sentence, behind words of courtesy: a verb of the vocabulary and its object.
 *
 * @param masked the sentence, of which code and addresses are hidden
 * @returns null where it begins with none
 */
export function findGoal(masked: string): Asked | null {
  const start = openings.exec(masked)?.[0].length ?? 0;
  const found = /^([\p{L}'-]+)/u.exec(masked.slice(start));
  const verb = found?.[1]?.toLowerCase() ?? '';
  // The second makes it a bound: "make sure", "do not change".
  const sure = /^(?:make sure|do not|don't|never|only)\b/i.test(masked.slice(start));
  if (!verbs.has(verb) && !sure) return null;
  const rest = masked.slice(start + verb.length);
  if (!sure && isSubject(rest)) return null;
  const from = start + verb.length + (rest.length - rest.trimStart().length);
  const end = objectEnds.exec(masked.slice(from))?.index ?? masked.length - from;
  const object = masked.slice(from, from + end);
  const words = object.toLowerCase().match(/[\p{L}\p{N}\ufffc'-]+/gu) ?? [];
  const points = pointsElsewhere(words);
  return {
    verb,
    verbAt: start,
    object: words.length === 0 || points ? null : [from, from + object.trimEnd().length],
    pronounAt: points ? from : null,
    limits: sure || limitingVerbs.includes(verb),
  };
}

/** Whether what looked like a verb is a noun before one: "Test results are stored". */
function isSubject(rest: string): boolean {
  for (const word of rest.match(/[\p{L}']+/gu)?.slice(0, 4) ?? []) {
    if (/^(?:what|that|which|who|how|where|why|whether|if|it|the|a|an|our|your)$/i.test(word)) return false;
    if (finite.test(word)) return true;
  }
  return false;
}

function pointsElsewhere([first = '', ...rest]: readonly string[]): boolean {
  if (pointing.has(first))
    return rest.length <= 1 || rest.every((word) => vague.has(word) || filling.has(word));
  return determining.has(first) && (rest.length === 0 || rest.every((word) => vague.has(word)));
}
