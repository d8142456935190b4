import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { parsePatch, type StructuredPatch } from 'diff';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { byPath } from '../artifacts/snapshot/difference.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { Snapshot, SnapshotEntry, SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { applyHunks } from './apply-hunks.js';

/**
 * What a workspace is with a patch in the form of git applied to it. Nothing is stored.
 *
 * @throws HeptadError `InputInvalid` the patch cannot be read, or does not apply
 */
export async function applyToSnapshot(
  store: ArtifactStore,
  before: SnapshotRef,
  patch: string,
): Promise<Snapshot> {
  const entries = new Map(byPath((await readSnapshot(store, before)).entries));
  for (const file of parsed(patch)) {
    const { path, entry } = await changed(store, entries, file);
    if (entry) entries.set(path, entry);
    else entries.delete(path);
    await setImmediate();
  }
  return { version: 1, entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function parsed(patch: string): StructuredPatch[] {
  try {
    return parsePatch(patch).filter(({ isGit }) => isGit);
  } catch (cause) {
    throw new HeptadError('InputInvalid', `The patch cannot be read: ${String(cause)}.`, { cause });
  }
}

async function changed(
  store: ArtifactStore,
  entries: ReadonlyMap<string, SnapshotEntry>,
  file: StructuredPatch,
): Promise<{ path: string; entry: SnapshotEntry | undefined }> {
  const path = pathOf(file);
  const old = entries.get(path);
  if (file.isCreate === true && old) throw unfit(path, 'adds a file that is there');
  if (file.isCreate !== true && !old) throw unfit(path, 'changes a file that is not there');
  const text = applyHunks(await textOf(store, old), file.hunks);
  if (text === undefined) throw unfit(path, 'does not fit the file');
  if (file.isDelete === true) {
    if (text !== '') throw unfit(path, 'removes a file of which something is left');
    return { path, entry: undefined };
  }
  return { path, entry: entryOf(path, text, file.newMode ?? modeOf(old)) };
}

function pathOf({ oldFileName, newFileName, isDelete }: StructuredPatch): string {
  const name = (isDelete ? oldFileName : newFileName) ?? '';
  if (!/^[ab]\/./.test(name)) throw unfit(name, 'does not name its file');
  return name.slice(2);
}

const unfit = (path: string, why: string): HeptadError =>
  new HeptadError('InputInvalid', `The patch of ${JSON.stringify(path)} ${why}.`);

async function textOf(store: ArtifactStore, entry: SnapshotEntry | undefined): Promise<string> {
  if (!entry) return '';
  return entry.kind === 'link' ? entry.target : (await store.get(entry.digest)).toString('utf8');
}

function modeOf(entry: SnapshotEntry | undefined): string {
  if (entry?.kind === 'link') return '120000';
  return entry?.executable ? '100755' : '100644';
}

function entryOf(path: string, text: string, mode: string): SnapshotEntry {
  if (mode === '120000') return { kind: 'link', path, target: text };
  const bytes = Buffer.from(text);
  return {
    kind: 'file',
    path,
    executable: mode === '100755',
    size: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  };
}
