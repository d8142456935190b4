import { isDeepStrictEqual } from 'node:util';
import type { Snapshot, SnapshotEntry } from '../../contracts/subject.js';

/** Paths by what happened to them, each list sorted. */
export interface Difference {
  readonly added: readonly string[];
  /** Other bytes, another executable bit, another target, or a link instead of a file. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What differs between two workspaces. */
export function difference(before: Snapshot, after: Snapshot): Difference {
  const old = byPath(before.entries);
  const now = byPath(after.entries);
  return {
    added: after.entries.map(({ path }) => path).filter((path) => !old.has(path)),
    changed: after.entries
      .filter((entry) => {
        const was = old.get(entry.path);
        return was !== undefined && !isDeepStrictEqual(was, entry);
      })
      .map(({ path }) => path),
    removed: before.entries.map(({ path }) => path).filter((path) => !now.has(path)),
  };
}

/** Entries by path. */
export const byPath = (entries: readonly SnapshotEntry[]): ReadonlyMap<string, SnapshotEntry> =>
  new Map(entries.map((entry) => [entry.path, entry]));
