import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from './forger.js';

/** A change of a document's content. */
export interface Edit {
  readonly kind: string;
  /** Where in the document. */
  readonly at: string;
  readonly change: (document: Json) => Json;
}

/** How many lists of a document are changed, outermost first. */
const most = 4;

/** Entries of the document's lists dropped, repeated and put in another order; a value changed, a field added. */
export function* editsOf(document: Json): Iterable<Edit> {
  for (const at of listsIn(document).slice(0, most)) {
    const list = listAt(document, at);
    const edit = (kind: string, change: (list: Json[]) => Json[]): Edit => ({
      kind,
      at: at.join('/'),
      change: (whole) => replaced(whole, at, change(listAt(whole, at))),
    });
    yield edit('the first entry dropped', (entries) => entries.slice(1));
    if (list.length > 1) yield edit('the last entry dropped', (entries) => entries.slice(0, -1));
    yield edit('an entry repeated', (entries) => [...entries, ...entries.slice(-1)]);
    if (!isDeepStrictEqual(list.toReversed(), list))
      yield edit('entries in another order', (entries) => entries.toReversed());
  }
  const text = longestText(document);
  if (text) yield { kind: 'a text changed', at: text.join('/'), change: (whole) => altered(whole) };
  yield { kind: 'a field added', at: '', change: (whole) => ({ ...(whole as JsonObject), added: true }) };
}

/** The document with its longest text changed. */
export function altered(document: Json): Json {
  const at = longestText(document);
  if (!at) throw new Error('The document has no text.');
  return replaced(document, at, `${String(valueAt(document, at)).slice(0, -1)}~`);
}

type Place = readonly (string | number)[];

/** Places of lists that are not empty, outermost first. */
function listsIn(value: Json): Place[] {
  const found: Place[] = [];
  let level: { at: Place; value: Json }[] = [{ at: [], value }];
  while (level.length > 0) {
    for (const one of level) if (Array.isArray(one.value) && one.value.length > 0) found.push(one.at);
    level = level.flatMap(({ at, value: inner }) =>
      entriesOf(inner).map(([name, next]) => ({ at: [...at, name], value: next })),
    );
  }
  return found;
}

/** The longest text that is neither a digest nor in base64: what a person reads. */
function longestText(value: Json): Place | undefined {
  let longest: { at: Place; length: number } | undefined;
  const look = (inner: Json, at: Place): void => {
    if (typeof inner === 'string' && !/^(sha256:)?[0-9a-f]{64}$|^[A-Za-z0-9+/]{40,}=*$/.test(inner)) {
      if (inner.length > (longest?.length ?? 0)) longest = { at, length: inner.length };
    } else for (const [name, next] of entriesOf(inner)) look(next, [...at, name]);
  };
  look(value, []);
  return longest?.at;
}

function entriesOf(value: Json): (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((one, index) => [index, one]);
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}

const valueAt = (value: Json, at: Place): Json | undefined =>
  at.reduce<Json | undefined>((inner, name) => (inner as { [name: string | number]: Json })[name], value);

const listAt = (value: Json, at: Place): Json[] => valueAt(value, at) as Json[];

function replaced(value: Json, [name, ...rest]: Place, by: Json): Json {
  if (name === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as JsonObject) };
  const inside = copy as { [name: string | number]: Json };
  inside[name] = replaced(inside[name] ?? null, rest, by);
  return copy;
}
