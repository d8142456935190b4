import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { parsePatch, type StructuredPatch } from 'diff';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { byPath } from '../artifacts/snapshot/difference.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { Snapshot, SnapshotEntry, SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { applyText } from './apply-text.js';

/**
 * What a workspace is with a patch in the form of git applied to it. Nothing is stored.
 *
 * @param signal ends the work when it fires
 * @throws HeptadError `InputInvalid` the patch cannot be read, or does not apply
 * @throws the signal's reason when it fires
 */
export async function applyToSnapshot(
  store: ArtifactStore,
  before: SnapshotRef,
  patch: string,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const entries = new Map(byPath((await readSnapshot(store, before)).entries));
  for (const section of sections(patch)) {
    signal?.throwIfAborted();
    const { path, entry } = await changed(store, entries, section, signal);
    if (entry) entries.set(path, entry);
    else entries.delete(path);
    await setImmediate();
  }
  return { version: 1, entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** What the patch says about each file. No line of a hunk begins as a section does: its sign stands before it. */
function* sections(patch: string): Generator<string> {
  const mark = '\ndiff --git ';
  const text = `\n${patch}`;
  let at = text.indexOf(mark);
  while (at !== -1) {
    const next = text.indexOf(mark, at + 1);
    yield text.slice(at + 1, next === -1 ? undefined : next + 1);
    at = next;
  }
}

async function changed(
  store: ArtifactStore,
  entries: ReadonlyMap<string, SnapshotEntry>,
  section: string,
  signal: AbortSignal | undefined,
): Promise<{ path: string; entry: SnapshotEntry | undefined }> {
  const file = headOf(section);
  const path = pathOf(file);
  const old = entries.get(path);
  if (file.isCreate === true && old) throw unfit(path, 'adds a file that is there');
  if (file.isCreate !== true && !old) throw unfit(path, 'changes a file that is not there');
  const made = await applyText({ text: await textOf(store, old), section }, signal);
  if ('problem' in made) throw unfit(path, made.problem);
  if (file.isDelete === true) {
    if (made.text !== '') throw unfit(path, 'removes a file of which something is left');
    return { path, entry: undefined };
  }
  return { path, entry: entryOf(path, made.text, file.newMode ?? modeOf(old)) };
}

/** The section without its hunks, which may be long. */
function headOf(section: string): StructuredPatch {
  const hunks = section.search(/\n@@\s/);
  try {
    const [head] = parsePatch(hunks === -1 ? section : section.slice(0, hunks));
    if (head) return head;
  } catch (cause) {
    throw new HeptadError('InputInvalid', `The patch cannot be read: ${String(cause)}.`, { cause });
  }
  throw new HeptadError('InputInvalid', 'The patch cannot be read: a part of it is empty.');
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
