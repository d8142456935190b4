import { isDeepStrictEqual } from 'node:util';
import { byPath, difference } from '../artifacts/snapshot/difference.js';
import type { Snapshot, SnapshotEntry } from '../contracts/subject.js';

/** One way in which parents have a file. */
export interface FileVersion {
  /** Null: it is not there. */
  readonly entry: SnapshotEntry | null;
  /** The parents that have it so, in their order. */
  readonly parents: readonly string[];
}

/** A file that at least one parent has otherwise than the captured subject. */
export interface ChangedFile {
  readonly path: string;
  readonly base: SnapshotEntry | null;
  /** Each differs from the base and from the others. */
  readonly versions: readonly FileVersion[];
}

/** The files in which parents differ from the captured subject, by path. */
export function changedFiles(
  base: Snapshot,
  parents: readonly { readonly item: string; readonly workspace: Snapshot }[],
): ChangedFile[] {
  const before = byPath(base.entries);
  const after = parents.map(({ item, workspace }) => ({ item, entries: byPath(workspace.entries) }));
  const paths = new Set(
    parents.flatMap(({ workspace }) => {
      const { added, changed, removed } = difference(base, workspace);
      return [...added, ...changed, ...removed];
    }),
  );
  return [...paths].sort().map((path) => {
    const original = before.get(path) ?? null;
    const versions: { entry: SnapshotEntry | null; parents: string[] }[] = [];
    for (const { item, entries } of after) {
      const entry = entries.get(path) ?? null;
      if (isDeepStrictEqual(entry, original)) continue;
      const same = versions.find((version) => isDeepStrictEqual(version.entry, entry));
      if (same) same.parents.push(item);
      else versions.push({ entry, parents: [item] });
    }
    return { path, base: original, versions };
  });
}
