import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import type { StructuredPatchHunk } from 'diff';
import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import type { ArtifactStore } from '../artifact-store.js';
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
 * @returns an empty text where nothing differs
 * @throws HeptadError as {@link readSnapshot} does
 */
export async function patchOf(
  store: ArtifactStore,
  before: SnapshotRef,
  after: SnapshotRef,
): Promise<string> {
  const [old, now] = await Promise.all([readSnapshot(store, before), readSnapshot(store, after)]);
  const oldByPath = byPath(old.entries);
  const nowByPath = byPath(now.entries);
  const { added, changed, removed } = difference(old, now);
  const leftOut: string[] = [];
  const parts: string[] = [];
  // What goes, goes first: a file may have made room for a folder.
  for (const path of [...removed, ...[...added, ...changed].sort()]) {
    const change = await changeOf(store, path, oldByPath.get(path), nowByPath.get(path));
    if (change === undefined) leftOut.push(`Not part of this patch, because it is not text: ${path}\n`);
    else parts.push(change);
    await setImmediate();
  }
  return [...leftOut, ...parts].join('');
}

async function changeOf(
  store: ArtifactStore,
  path: string,
  old: SnapshotEntry | undefined,
  now: SnapshotEntry | undefined,
): Promise<string | undefined> {
  const [oldText, nowText] = await Promise.all([textOf(store, old), textOf(store, now)]);
  if (oldText === undefined || nowText === undefined) return undefined;
  if (old === undefined && now !== undefined) {
    return section(path, [`new file mode ${modeOf(now)}`], await lineHunks('', nowText), 'added');
  }
  if (now === undefined && old !== undefined) {
    return section(path, [`deleted file mode ${modeOf(old)}`], await lineHunks(oldText, ''), 'removed');
  }
  if (old === undefined || now === undefined) return '';
  // `patch` does not change what a link leads to, but removes and makes links.
  if (old.kind === 'link' || now.kind === 'link') {
    const gone = await changeOf(store, path, old, undefined);
    const come = await changeOf(store, path, undefined, now);
    return gone === undefined || come === undefined ? undefined : gone + come;
  }
  const modes = modeOf(old) === modeOf(now) ? [] : [`old mode ${modeOf(old)}`, `new mode ${modeOf(now)}`];
  return section(path, modes, await lineHunks(oldText, nowText), 'changed');
}

function section(
  path: string,
  headers: readonly string[],
  hunks: readonly StructuredPatchHunk[],
  change: 'added' | 'changed' | 'removed',
): string {
  const oldName = quoted(`a/${path}`);
  const nowName = quoted(`b/${path}`);
  const lines = [`diff --git ${oldName} ${nowName}`, ...headers];
  if (hunks.length > 0) {
    lines.push(`--- ${change === 'added' ? '/dev/null' : ended(oldName)}`);
    lines.push(`+++ ${change === 'removed' ? '/dev/null' : ended(nowName)}`);
  }
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    // By the format an empty side counts from the line before it.
    const from = `${oldLines === 0 && change === 'added' ? 0 : oldStart},${oldLines}`;
    const to = `${newLines === 0 && change === 'removed' ? 0 : newStart},${newLines}`;
    lines.push(`@@ -${from} +${to} @@`, ...body);
  }
  return `${lines.join('\n')}\n`;
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
