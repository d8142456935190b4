import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { choicesOf, expected, type Genome, keyOf } from './genome.js';
import type { Situation } from './probes.js';

/** Children that are drawn; the search takes those of which most is expected. */
const draws = 16;

/**
 * Children of two of the fittest: each part from one or the other, and half of them with one part changed at random. None
 * has been tried, or holds what is known to fail. Those of which most is expected come first.
 *
 * @param population the fittest genomes that passed
 */
export function offspring(
  { parts, knowledge, tried }: Situation,
  population: readonly Genome[],
  random: RandomGenerator,
): Genome[] {
  if (population.length === 0 || parts.length === 0) return [];
  const below = (end: number): number => uniformInt(random, 0, end - 1);
  const children = new Map<string, Genome>();
  for (let draw = 0; draw < draws; draw += 1) {
    const [one, other] = [population[below(population.length)], population[below(population.length)]];
    const child = parts.map((_, part) => (below(2) === 0 ? one : other)?.[part] ?? 0);
    const [mutates, part] = [below(2) === 0, below(parts.length)];
    const variant = below(parts[part]?.variants.length ?? 1);
    if (mutates) child[part] = variant;
    if (!tried.has(keyOf(child)) && !failsSurely(child, knowledge)) children.set(keyOf(child), child);
  }
  return [...children.values()].sort((a, b) => expected(parts, b) - expected(parts, a));
}

function failsSurely(genome: Genome, { guilty, suspects }: Situation['knowledge']): boolean {
  const choices = new Set(choicesOf(genome));
  return (
    [...guilty].some((one) => choices.has(one)) ||
    suspects.some((set) => set.every((one) => choices.has(one)))
  );
}
