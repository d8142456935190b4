import type { PlannedItem } from '../graph/expand.js';
import { concurrentItems } from './concurrent-items.js';

/** Of more items than this the order is not looked at: then any of them are taken to run at once. */
const mostCompared = 500;

export interface AtOnce {
  /** Every item of the template, for their order. */
  readonly items: readonly Pick<PlannedItem, 'id' | 'after'>[];
  /** What each takes, by id. An id that is no item is a consumer's: any number of its items may run, beside anything. */
  readonly amounts: ReadonlyMap<string, number>;
  /** How many items may run at once. */
  readonly parallel: number;
}

/**
 * For each amount, what those that run at the same time may take together, with itself: never less than they can, and
 * often exactly that. Items that wait for each other are put in one chain, of which one runs at a time.
 */
export function mostAtOnce({ items, amounts, parallel }: AtOnce): ReadonlyMap<string, number> {
  const known = new Set(items.map(({ id }) => id));
  const ordered = [...amounts.keys()].filter((id) => known.has(id));
  const others = parallel - 1;
  const amountOf = (id: string): number => amounts.get(id) ?? 0;
  // What consumers make may be many of the largest.
  const made = Math.max(0, ...[...amounts.keys()].filter((id) => !known.has(id)).map(amountOf));
  /** The largest of these, one of each, and of what consumers make. */
  const together = (beside: readonly number[]): number => {
    const largest = beside.toSorted((a, b) => b - a).slice(0, others);
    return largest.reduce((sum, amount) => sum + Math.max(amount, made), (others - largest.length) * made);
  };
  if (ordered.length > mostCompared) {
    const rest = together(ordered.map(amountOf));
    return new Map([...amounts].map(([id, own]) => [id, own + rest]));
  }
  const apart = apartIn(concurrentItems(items));
  const chains = chainsOf(ordered, apart);
  const besides = (id: string): number[] =>
    chains.map((chain) =>
      Math.max(0, ...chain.filter((other) => !known.has(id) || apart(id, other)).map(amountOf)),
    );
  return new Map([...amounts].map(([id, own]) => [id, own + together(besides(id))]));
}

type Apart = (one: string, other: string) => boolean;

const apartIn =
  ({ countWith }: ReturnType<typeof concurrentItems>): Apart =>
  (one, other) =>
    countWith(one, [other]) === 1;

/** Groups in which no two can run at the same time. */
function chainsOf(ids: readonly string[], apart: Apart): string[][] {
  const chains: string[][] = [];
  for (const id of ids) {
    const chain = chains.find((members) => !members.some((other) => apart(id, other)));
    if (chain) chain.push(id);
    else chains.push([id]);
  }
  return chains;
}
