import { type Choice, choice, type Genome, gainOf, keyOf, type SearchPart } from './genome.js';
import type { Knowledge } from './knowledge.js';

/** Where the search stands. */
export interface Situation {
  readonly parts: readonly SearchPart[];
  readonly knowledge: Knowledge;
  /** Whether each genome that was tried passes, by key. */
  readonly tried: ReadonlyMap<string, boolean>;
  /** The best genome that passed. */
  readonly best: Genome;
}

/** A choice that is not cleared, and is expected to be better than the one in its place. */
interface Wish {
  readonly part: number;
  readonly variant: number;
  readonly choice: Choice;
  readonly gain: number;
}

/** For each part the variant of which most is expected among those that are safe. */
export const safest = ({ parts, knowledge: { safe } }: Situation): Genome =>
  parts.map((part, index) => bestVariant(part, 0, (variant) => safe.has(choice(index, variant))));

/**
 * Genomes that are worth a test: on the ground of what is safe, groups of the choices that are wished for, chosen so that
 * a test that fails narrows down what is to blame. What is trusted comes first.
 */
export function probes(situation: Situation): Genome[] {
  const { parts, best, tried, knowledge } = situation;
  const safe = safest(situation);
  const ground = tried.get(keyOf(safe)) === false ? best : safe;
  const trusted = wishesOn(situation, ground, (part, one) => parts[part]?.variants[one]?.trusted === true);
  const all = wishesOn(situation, ground, () => true);
  return [trusted, all].flatMap((wishes) =>
    groupsOf(wishes, knowledge.suspects).map((group) => {
      const genome = [...ground];
      for (const { part, variant } of group) genome[part] = variant;
      return genome;
    }),
  );
}

/** At most one wish for each part: the next best is wished for when the best turned out guilty. */
function wishesOn(
  { parts, knowledge: { safe, guilty } }: Situation,
  ground: Genome,
  allowed: (part: number, variant: number) => boolean,
): Wish[] {
  return parts.flatMap((part, index) => {
    const now = ground[index] ?? 0;
    const variant = bestVariant(part, now, (one) => {
      const key = choice(index, one);
      return one !== 0 && !safe.has(key) && !guilty.has(key) && allowed(index, one);
    });
    if (variant === now) return [];
    const gain = gainOf(part, variant) - gainOf(part, now);
    return [{ part: index, variant, choice: choice(index, variant), gain }];
  });
}

/** The allowed variant with the highest gain; `now` where none has a higher one. */
function bestVariant(part: SearchPart, now: number, allowed: (variant: number) => boolean): number {
  let best = now;
  for (const variant of part.variants.keys())
    if (allowed(variant) && gainOf(part, variant) > gainOf(part, best)) best = variant;
  return best;
}

/**
 * Wishes that nothing speaks against go together. Of a set of suspects a half is tried, the sets of which most is expected
 * first; where there is one set and nothing else, two thirds are tried beside each other.
 */
function groupsOf(wishes: readonly Wish[], suspects: Knowledge['suspects']): Wish[][] {
  const blamed = new Set(suspects.flat());
  const free = wishes.filter((wish) => !blamed.has(wish.choice));
  const suspected = suspects
    .map((set) => {
      const members = new Set(set);
      const wished = wishes.filter((wish) => members.has(wish.choice));
      return { wished, whole: wished.length === set.length, gain: total(wished) };
    })
    .filter(({ wished }) => wished.length > 0)
    .sort((a, b) => b.gain - a.gain);
  const groups = free.length > 0 ? [free] : [];
  const alone = groups.length === 0 && suspected.length === 1;
  for (const { wished, whole } of suspected) {
    if (!whole) groups.push(wished);
    else if (alone && wished.length > 2) groups.push(...slices(wished, 3).slice(0, 2));
    else groups.push(...slices(wished, 2).slice(0, 1));
  }
  return groups;
}

const total = (wishes: readonly Wish[]): number => wishes.reduce((sum, { gain }) => sum + gain, 0);

function slices<T>(list: readonly T[], number: number): T[][] {
  const size = Math.ceil(list.length / number);
  return Array.from({ length: number }, (_, index) => list.slice(index * size, (index + 1) * size)).filter(
    (slice) => slice.length > 0,
  );
}
