import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { isDigest } from '../../protocol/digest.js';

/** Draws the same numbers from the same seed. */
export class Draw {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: string) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE(0));
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return uniformInt(this.#generator, 0, below - 1);
  }

  /** One of these; undefined where there is none. */
  one<Value>(values: readonly Value[]): Value | undefined {
    return values.length === 0 ? undefined : values[this.below(values.length)];
  }
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

type Path = readonly (string | number)[];

/** A value of a document, and where it is. */
interface Place {
  readonly path: Path;
  readonly value: Json;
}

/** A changed document, and the JSON pointer of what was changed. */
export interface Fault {
  readonly document: Json;
  readonly pointer: string;
}

interface Change {
  readonly fits: (place: Place, ground: FaultGround) => boolean;
  /** Is given only places that fit. The same value where it did not come to a change. */
  readonly to: (place: Place, draw: Draw, ground: FaultGround) => Json;
}

const isText = (value: Json): value is string => typeof value === 'string' && !isDigest(value);
const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: Json): Json[] => (Array.isArray(value) ? value : []);
const withEntries = (least: number) => (place: Place) => entriesOf(place.value).length >= least;

/** Kinds of faults that documents are seeded with. Each changes one value. */
const changes = {
  'value-changed': {
    fits: ({ value }) => typeof value === 'boolean' || value === null,
    to: ({ value }) => (typeof value === 'boolean' ? !value : 'forged'),
  },
  'number-changed': {
    fits: ({ value }) => typeof value === 'number',
    to: ({ value }, draw) => Number(value) + (draw.below(2) === 0 ? 1 : -1) * (1 + draw.below(9)),
  },
  'text-changed': {
    fits: ({ value }) => isText(value),
    to: ({ value }, draw) => {
      const characters = Array.from(String(value));
      const at = draw.below(characters.length + 1);
      return characters.toSpliced(at, 1, characters[at] === 'x' ? 'y' : 'x').join('');
    },
  },
  'text-exchanged': {
    fits: (place, ground) => isText(place.value) && ground.textsAt(place.path).length > 1,
    to: ({ path, value }, draw, ground) =>
      draw.one(ground.textsAt(path).filter((text) => text !== value)) ?? value,
  },
  'digest-swapped': {
    fits: ({ value }) => typeof value === 'string' && isDigest(value),
    to: ({ value }, draw, ground) =>
      draw.one(ground.digests.filter((digest) => digest !== value)) ?? `sha256:${'0'.repeat(64)}`,
  },
  'field-removed': {
    fits: ({ value }) => isObject(value) && Object.keys(value).length > 0,
    to: ({ value }, draw) => {
      const fields = isObject(value) ? value : {};
      const removed = draw.one(Object.keys(fields).sort());
      return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== removed));
    },
  },
  'entry-dropped': {
    fits: withEntries(1),
    to: ({ value }, draw) => entriesOf(value).toSpliced(draw.below(entriesOf(value).length), 1),
  },
  'entry-duplicated': {
    fits: withEntries(1),
    to: ({ value }, draw) => {
      const entries = entriesOf(value);
      const at = draw.below(entries.length);
      return entries.toSpliced(at, 0, ...entries.slice(at, at + 1));
    },
  },
  'entries-exchanged': {
    fits: withEntries(2),
    to: ({ value }, draw) => {
      const entries = entriesOf(value);
      const at = draw.below(entries.length - 1);
      return entries.toSpliced(at, 2, ...entries.slice(at, at + 2).reverse());
    },
  },
} as const satisfies Readonly<Record<string, Change>>;

export type FaultKind = keyof typeof changes;
export const faultKinds = Object.keys(changes) as FaultKind[];

/** A document that faults are seeded in. */
export class FaultGround {
  readonly digests: readonly string[];
  readonly #places: readonly Place[];
  readonly #texts = new Map<string, string[]>();
  readonly #fitting = new Map<FaultKind, readonly Place[]>();

  constructor(private readonly document: Json) {
    this.#places = placesOf(document);
    const digests = new Set<string>();
    for (const { path, value } of this.#places) {
      if (typeof value !== 'string') continue;
      if (isDigest(value)) digests.add(value);
      else if (!this.textsAt(path).includes(value))
        this.#texts.set(keyOf(path), [...this.textsAt(path), value].slice(0, 100));
    }
    this.digests = [...digests];
  }

  /** Different texts, at most 100, that stand in the document's fields of the same name. */
  textsAt(path: Path): readonly string[] {
    return this.#texts.get(keyOf(path)) ?? [];
  }

  /** Seeds one fault of a kind; undefined where there is no place for one. */
  seed(kind: FaultKind, draw: Draw): Fault | undefined {
    const change: Change = changes[kind];
    const fitting = this.#fitting.get(kind) ?? this.#places.filter((place) => change.fits(place, this));
    this.#fitting.set(kind, fitting);
    const place = draw.one(fitting);
    if (!place) return undefined;
    const value = change.to(place, draw, this);
    return {
      document: replaced(this.document, place.path, value),
      pointer: [...place.path, ...removedFrom(place.value, value)].map((part) => `/${part}`).join(''),
    };
  }
}

/** The field that one of two objects has and the other has not. */
const removedFrom = (before: Json, after: Json): string[] =>
  isObject(before) && isObject(after) ? Object.keys(before).filter((key) => !(key in after)) : [];

const keyOf = (path: Path): string => String(path.findLast((part) => typeof part === 'string'));

function placesOf(value: Json, path: Path = []): Place[] {
  const parts: [string | number, Json][] = Array.isArray(value)
    ? value.map((part, index) => [index, part])
    : isObject(value)
      ? Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
      : [];
  return [{ path, value }, ...parts.flatMap(([key, part]) => placesOf(part, [...path, key]))];
}

function replaced(document: Json, [key, ...rest]: Path, value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(document))
    return document.map((part, index) => (index === key ? replaced(part, rest, value) : part));
  if (!isObject(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, part]) => [name, name === key ? replaced(part, rest, value) : part]),
  );
}
