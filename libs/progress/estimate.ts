import type { GraphItem } from '../contracts/graph.js';

/** Where an item stands, for estimates. Times are milliseconds since 1970. */
export interface Timed {
  readonly item: Pick<GraphItem, 'id' | 'category' | 'after' | 'rules'>;
  readonly state: 'waiting' | 'running' | 'ended';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** What it proved last, from 0 to 100; null where it proved nothing. */
  readonly percent: number | null;
}

export interface Estimate {
  /** From 0 to 100. */
  readonly percent: number;
  /** Milliseconds that are left; null where nothing says how long items take. */
  readonly leftMs: number | null;
  /** Milliseconds that an item that has not ended still takes; null where nothing says it. */
  readonly leftOf: (id: string) => number | null;
}

/** Part of its time that a running item counts as done at most: only its end is its end. */
const almost = 0.95;

/**
 * How far items are and how long they still take; docs/reference/estimates.md has the formula.
 *
 * @param parallel how many run at once
 * @param now milliseconds since 1970
 */
export function estimate(items: readonly Timed[], parallel: number, now: number): Estimate {
  const durationOf = durations(items);
  const weights = items.map((one) => ({ one, ms: durationOf(one) }));
  const known = weights.filter((weight): weight is Weight => weight.ms !== null);
  const left = new Map(known.map(({ one, ms }) => [one.item.id, leftOf(one, ms, now)]));
  const total = known.reduce((sum, { ms }) => sum + ms, 0);
  const done = known.reduce((sum, { one, ms }) => sum + ms * doneOf(one, ms, now), 0);
  const ended = items.filter(({ state }) => state === 'ended').length;
  const isKnown = known.length === items.length && total > 0;
  const byCount = items.length === 0 ? 0 : ended / items.length;
  return {
    percent: Math.round(1000 * (isKnown ? done / total : byCount)) / 10,
    leftMs: isKnown ? Math.max(longestPath(items, left), sum(left) / parallel) : null,
    leftOf: (id) => left.get(id) ?? null,
  };
}

interface Weight {
  readonly one: Timed;
  readonly ms: number;
}

const sum = (left: ReadonlyMap<string, number>): number =>
  [...left.values()].reduce((all, ms) => all + ms, 0);

const measuredOf = ({ state, startedAt, endedAt }: Timed): number | null =>
  state === 'ended' && startedAt !== null && endedAt !== null ? endedAt - startedAt : null;

/**
 * How long an item takes: as long as it took; else what its template expects, scaled by what those took that have ended;
 * else as long as others of its category took on average, else as all others.
 */
function durations(items: readonly Timed[]): (one: Timed) => number | null {
  const measured = items.flatMap((one) => {
    const ms = measuredOf(one);
    return ms === null ? [] : [{ one, ms }];
  });
  const both = measured.flatMap(({ one, ms }) => {
    const expected = one.item.rules?.expectedMs;
    return expected === undefined ? [] : [{ expected, ms }];
  });
  const expected = both.reduce((all, one) => all + one.expected, 0);
  const scale = expected > 0 ? both.reduce((all, { ms }) => all + ms, 0) / expected : 1;
  const average = (wanted: (one: Timed) => boolean): number | null => {
    const of = measured.filter(({ one }) => wanted(one));
    return of.length === 0 ? null : of.reduce((all, { ms }) => all + ms, 0) / of.length;
  };
  return (one) => {
    if (one.state === 'ended') return measuredOf(one) ?? 0;
    const { expectedMs, standby } = one.item.rules ?? {};
    // It sleeps, and most often nobody needs it.
    if (standby && one.state === 'waiting') return 0;
    if (expectedMs !== undefined) return expectedMs * scale;
    return average((other) => other.item.category === one.item.category) ?? average(() => true);
  };
}

function doneOf({ state, startedAt, percent }: Timed, ms: number, now: number): number {
  if (state === 'ended') return 1;
  if (state === 'waiting' || startedAt === null) return 0;
  const byTime = ms > 0 ? (now - startedAt) / ms : 0;
  return Math.min(almost, Math.max(0, byTime, (percent ?? 0) / 100));
}

const leftOf = (one: Timed, ms: number, now: number): number =>
  one.state === 'ended' ? 0 : ms * (1 - doneOf(one, ms, now));

/** What is left along the longest chain of items that wait for one another. */
function longestPath(items: readonly Timed[], left: ReadonlyMap<string, number>): number {
  const known = new Set(items.map(({ item }) => item.id));
  const waitsFor = new Map(
    items.map(({ item }) => [item.id, new Set(item.after.filter((id) => known.has(id)))]),
  );
  const next = Map.groupBy(
    items.flatMap(({ item }) => [...(waitsFor.get(item.id) ?? [])].map((from) => ({ from, to: item.id }))),
    ({ from }) => from,
  );
  const begins = new Map<string, number>();
  const ready = items.flatMap(({ item }) => (waitsFor.get(item.id)?.size === 0 ? [item.id] : []));
  let longest = 0;
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const end = (begins.get(id) ?? 0) + (left.get(id) ?? 0);
    longest = Math.max(longest, end);
    for (const { to } of next.get(id) ?? []) {
      begins.set(to, Math.max(begins.get(to) ?? 0, end));
      const open = waitsFor.get(to);
      open?.delete(id);
      if (open?.size === 0) ready.push(to);
    }
  }
  return longest;
}
