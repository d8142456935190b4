import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import type { ArtifactStore } from '../artifact-store.js';
import type { TextChange } from './compare-texts.js';
import { byPath, difference } from './difference.js';
import { lineHunks } from './line-hunks.js';
import { readSnapshot } from './read-snapshot.js';

/** Files over this many bytes are named in a patch, not inlined: 4 MiB. */
const inlineLimit = 4 * 1024 * 1024;

/**
 * The unified patch, in the form of git, that turns one workspace into another. `git apply` takes it, and `patch -p1`
 * does where no file became a folder.
 * Files that are not UTF-8 text, or are over 4 MiB, are named in its first lines and left out.
 *
 * @param signal ends the work when it fires
 * @returns an empty text where nothing differs
 * @throws HeptadError as {@link readSnapshot} does; the signal's reason when it fires
 */
export async function patchOf(
  store: ArtifactStore,
  before: SnapshotRef,
  after: SnapshotRef,
  signal?: AbortSignal,
): Promise<string> {
  // One by one, so that two large manifests are not parsed and compared in one turn of the event loop.
  const old = await readSnapshot(store, before);
  const now = await readSnapshot(store, after);
  await setImmediate();
  const oldByPath = byPath(old.entries);
  const nowByPath = byPath(now.entries);
  const { added, changed, removed } = difference(old, now);
  const leftOut: string[] = [];
  const parts: string[] = [];
  // What goes, goes first: a file may have made room for a folder.
  for (const path of [...removed, ...[...added, ...changed].sort()]) {
    signal?.throwIfAborted();
    const change = await changeOf(store, path, oldByPath.get(path), nowByPath.get(path), signal);
    if (change === undefined) leftOut.push(`${notText}${path}\n`);
    else parts.push(change);
    await setImmediate();
  }
  return [...leftOut, ...parts].join('');
}

const notText = 'Not part of this patch, because it is not text: ';

/** The paths that a patch names and leaves out. */
export function leftOutOf(patch: string): string[] {
  const paths: string[] = [];
  for (let at = 0; patch.startsWith(notText, at); ) {
    const end = patch.indexOf('\n', at);
    paths.push(patch.slice(at + notText.length, end === -1 ? undefined : end));
    if (end === -1) break;
    at = end + 1;
  }
  return paths;
}

async function changeOf(
  store: ArtifactStore,
  path: string,
  old: SnapshotEntry | undefined,
  now: SnapshotEntry | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const [before, after] = await Promise.all([textOf(store, old), textOf(store, now)]);
  if (before === undefined || after === undefined) return undefined;
  if (old === undefined && now !== undefined) {
    return await section(path, [`new file mode ${modeOf(now)}`], { before, after, kind: 'added' }, signal);
  }
  if (now === undefined && old !== undefined) {
    const headers = [`deleted file mode ${modeOf(old)}`];
    return await section(path, headers, { before, after, kind: 'removed' }, signal);
  }
  if (old === undefined || now === undefined) return '';
  // `patch` does not change what a link leads to, but removes and makes links.
  if (old.kind === 'link' || now.kind === 'link') {
    const gone = await changeOf(store, path, old, undefined, signal);
    const come = await changeOf(store, path, undefined, now, signal);
    return gone === undefined || come === undefined ? undefined : gone + come;
  }
  const modes = modeOf(old) === modeOf(now) ? [] : [`old mode ${modeOf(old)}`, `new mode ${modeOf(now)}`];
  return await section(path, modes, { before, after, kind: 'changed' }, signal);
}

async function section(
  path: string,
  headers: readonly string[],
  change: TextChange,
  signal: AbortSignal | undefined,
): Promise<string> {
  const oldName = quoted(`a/${path}`);
  const nowName = quoted(`b/${path}`);
  const hunks = await lineHunks(change, signal);
  const lines = [`diff --git ${oldName} ${nowName}`, ...headers];
  if (hunks !== '') {
    lines.push(`--- ${change.kind === 'added' ? '/dev/null' : ended(oldName)}`);
    lines.push(`+++ ${change.kind === 'removed' ? '/dev/null' : ended(nowName)}`);
  }
  return `${lines.join('\n')}\n${hunks}`;
}

// A tab ends a name with spaces, or `patch` takes what follows the space for a date.
const ended = (name: string) => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);

const quoted = (name: string) =>
  /["\\]/.test(name) ? `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : name;

function modeOf(entry: SnapshotEntry): string {
  if (entry.kind === 'link') return '120000';
  return entry.executable ? '100755' : '100644';
}

async function textOf(store: ArtifactStore, entry: SnapshotEntry | undefined): Promise<string | undefined> {
  if (entry === undefined) return '';
  if (entry.kind === 'link') return entry.target;
  if (entry.size > inlineLimit) return undefined;
  const bytes = await store.get(entry.digest);
  return bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString('utf8');
}
