import type { TemplateItem } from '../../contracts/template.js';
import type { Draft } from './draft.js';
import { orMeant } from './nearest-name.js';

/** An item of the template as it is checked. */
export interface Entry {
  readonly number: number;
  /** JSON pointer. */
  readonly path: string;
  readonly id: string;
  readonly item: Partial<TemplateItem>;
}

/** Whose place an item takes, or whom it helps, when that one has failed. */
export interface Standby {
  readonly owner: number;
  readonly as: 'fallback' | 'recovery';
}

/** How many misspelt names are compared with all that there are. */
const mostSuggestions = 50;

/** The items of a template by their ids, and what follows from what they say of one another. */
export class Catalogue {
  /** One per item, in order; that of an item without an id has an empty one. */
  readonly entries: readonly Entry[];
  readonly #byId = new Map<string, Entry>();
  readonly #letters = new Map<Entry, readonly string[] | null | undefined>();
  readonly #standby = new Map<number, Standby>();
  /** Ids that are not possible, and are told as such; who refers to them is not told again. */
  readonly #broken: ReadonlySet<string>;
  #suggestions = mostSuggestions;

  constructor(draft: Draft, broken: ReadonlySet<string>) {
    this.#broken = broken;
    this.entries = draft.items.map((item, number) => ({
      number,
      path: `/items/${number}`,
      id: item.id ?? '',
      item,
    }));
    for (const entry of this.entries)
      if (entry.id && !this.#byId.has(entry.id)) this.#byId.set(entry.id, entry);
    for (const { number, item } of this.entries) {
      const named = [
        ...(item.fallback === undefined ? [] : [{ id: item.fallback, as: 'fallback' as const }]),
        ...(item.recovery?.items ?? []).map((id) => ({ id, as: 'recovery' as const })),
      ];
      for (const { id, as } of named) {
        const other = this.#byId.get(id)?.number;
        if (other !== undefined && other !== number && !this.#standby.has(other))
          this.#standby.set(other, { owner: number, as });
      }
    }
  }

  /** The first item with an id. */
  find(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Whether an id is that of an item that is told to be broken elsewhere. */
  isBroken(id: string): boolean {
    return this.#broken.has(id);
  }

  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  standbyOf({ number }: Entry): Standby | undefined {
    return this.#standby.get(number);
  }

  at(number: number): Entry | undefined {
    return this.entries[number];
  }

  /** That there is no such item, and which one may have been meant. */
  unknown(id: string, more: readonly string[] = []): string {
    const known = this.#suggestions-- > 0 ? [...this.#byId.keys(), ...more] : [];
    return `There is no item "${id}"${orMeant(id, known)}`;
  }

  /**
   * The candidates that an item is there once for, sorted; null where it is one item, undefined where its `each` leads
   * to none.
   */
  lettersOf(entry: Entry): readonly string[] | null | undefined {
    if (this.#letters.has(entry)) return this.#letters.get(entry);
    const chain: Entry[] = [];
    let at: Entry | undefined = entry;
    while (at?.item.each !== undefined && !at.item.candidates && !chain.includes(at)) {
      chain.push(at);
      at = this.#byId.get(at.item.each);
    }
    const own = at?.item.candidates ? Object.keys(at.item.candidates).sort() : undefined;
    const letters = own ?? (chain.length === 0 ? null : undefined);
    for (const one of [entry, ...chain]) this.#letters.set(one, letters);
    return letters;
  }
}
