import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import { HeptadError } from '../../protocol/errors.js';
import type { ArtifactStore } from '../artifact-store.js';
import { mediaType } from '../media-types.js';
import { byPath } from './difference.js';
import { mergeTexts } from './merge-texts.js';
import { readSnapshot } from './read-snapshot.js';
import { writeSnapshot } from './write-snapshot.js';

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

/** A path that cannot be merged, and why. */
export interface MergeConflict {
  readonly path: string;
  readonly reason: string;
}

export type MergedSnapshot =
  | { readonly snapshot: SnapshotRef }
  | { readonly conflicts: readonly MergeConflict[] };

/** A file over this many bytes is not merged line by line: 4 MiB. */
const largest = 4 * 1024 * 1024;

/**
 * Merges workspaces that were made from one base, each by itself. What at most one of them changed is taken, what
 * several changed in the same way is taken once, and texts that several changed are merged by regions of lines. The
 * order of `changed` makes no difference to the result.
 *
 * @param changed workspaces made from `base`; none gives the base
 * @param signal ends the work when it fires
 * @returns the merged workspace, or every conflict, sorted by path
 * @throws HeptadError as {@link readSnapshot} does; the signal's reason when it fires
 */
export async function mergeSnapshots(
  store: ArtifactStore,
  base: SnapshotRef,
  changed: readonly SnapshotRef[],
  signal?: AbortSignal,
): Promise<MergedSnapshot> {
  const before = byPath((await readSnapshot(store, base)).entries);
  const sides: ReadonlyMap<string, SnapshotEntry>[] = [];
  // One by one, so that several large manifests are not parsed in one turn of the event loop.
  for (const ref of changed) sides.push(byPath((await readSnapshot(store, ref)).entries));
  const merged: (SnapshotEntry | Text)[] = [];
  const conflicts: MergeConflict[] = [];
  for (const path of [...new Set([before, ...sides].flatMap((side) => [...side.keys()]))].sort()) {
    signal?.throwIfAborted();
    const old = before.get(path);
    const versions = distinct(
      sides.map((side) => side.get(path)).filter((entry) => !isDeepStrictEqual(entry, old)),
    );
    const result =
      versions.length > 1 ? await mergeEntries(store, path, old, versions, signal) : (versions[0] ?? null);
    if (typeof result === 'string') conflicts.push({ path, reason: result });
    else if (result !== null) merged.push(result);
    else if (versions.length === 0 && old !== undefined) merged.push(old);
  }
  return conflicts.length > 0 ? { conflicts } : await written(store, merged);
}

/** A file whose text is new. */
interface Text {
  readonly path: string;
  readonly executable: boolean;
  readonly text: string;
}

const distinct = (entries: readonly (SnapshotEntry | undefined)[]): (SnapshotEntry | undefined)[] =>
  entries.filter((entry, at) => entries.findIndex((other) => isDeepStrictEqual(other, entry)) === at);

/** What several different changes of one path come to: an entry, or the reason why it cannot be said. */
async function mergeEntries(
  store: ArtifactStore,
  path: string,
  old: SnapshotEntry | undefined,
  versions: readonly (SnapshotEntry | undefined)[],
  signal: AbortSignal | undefined,
): Promise<SnapshotEntry | Text | string> {
  if (old === undefined) return 'It was added in different ways.';
  const files = versions.filter((entry) => entry !== undefined);
  if (files.length < versions.length) return 'It was removed on one side and changed on another.';
  if (old.kind === 'link' || !files.every((entry) => entry.kind === 'file'))
    return 'It is or became a link, and was changed in different ways.';
  // A bit has two values, so all who changed it agree.
  const executable = files.some((file) => file.executable !== old.executable) !== old.executable;
  const contents = new Map(
    files.filter(({ digest }) => digest !== old.digest).map((file) => [file.digest, file]),
  );
  const [content, ...others] = contents.values();
  if (others.length === 0) return { ...(content ?? old), executable };
  const texts = await Promise.all([old, ...contents.values()].map((file) => textOf(store, file)));
  const [base, ...changed] = texts.filter((text) => text !== undefined);
  if (base === undefined || changed.length < contents.size)
    return `It is no text of at most ${largest} bytes, and was changed in different ways.`;
  const text = await mergeTexts({ base, versions: changed }, signal);
  return text === undefined ? 'The same lines were changed in different ways.' : { path, executable, text };
}

async function textOf(store: ArtifactStore, file: FileEntry): Promise<string | undefined> {
  if (file.size > largest) return undefined;
  const bytes = await store.get(file.digest);
  return bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString('utf8');
}

async function written(
  store: ArtifactStore,
  merged: readonly (SnapshotEntry | Text)[],
): Promise<MergedSnapshot> {
  try {
    return await store.batch(async (writer) => {
      const entries: SnapshotEntry[] = [];
      for (const entry of merged) {
        if ('kind' in entry) {
          entries.push(entry);
          continue;
        }
        const { path, executable, text } = entry;
        const { digest, size } = await writer.put(text, mediaType.bytes);
        entries.push({ kind: 'file', path, executable, digest, size });
      }
      return { snapshot: await writeSnapshot(writer, entries, 'The merged workspace') };
    });
  } catch (error) {
    // Each side is a workspace, but not all of them together, such as a file on one side that is a folder on another.
    if (!(error instanceof HeptadError) || error.code !== 'SubjectInvalid') throw error;
    return { conflicts: error.problems };
  }
}
