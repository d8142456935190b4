import { setImmediate } from 'node:timers/promises';
import type { SnapshotEntry, SnapshotRef } from '../../contracts/subject.js';
import type { ArtifactWriter } from '../artifact-store.js';
import { canonicalJson } from '../canonical-json.js';
import { mediaType } from '../media-types.js';
import { checkEntries } from './check-entries.js';

/**
 * Stores the manifest of a workspace whose files are stored already.
 *
 * @param entries in any order
 * @param what the workspace in the error's sentence, such as `The package npm:ejs@1.0.0`
 * @throws HeptadError `SubjectInvalid` with every problem of the paths and links
 */
export async function writeSnapshot(
  writer: ArtifactWriter,
  entries: readonly SnapshotEntry[],
  what: string,
): Promise<SnapshotRef> {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  checkEntries(sorted, what);
  const { digest } = await writer.put(manifestOf(sorted), mediaType.snapshot);
  const files = sorted.filter((entry) => entry.kind === 'file');
  return { digest, files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
}

// The canonical JSON of `{version: 1, entries}`, in parts: a large one in one piece would hold up the event loop.
async function* manifestOf(entries: readonly SnapshotEntry[]): AsyncIterable<Uint8Array> {
  yield Buffer.from('{"entries":[');
  for (let at = 0; at < entries.length; at += 1000) {
    const part = entries
      .slice(at, at + 1000)
      .map(canonicalJson)
      .join(',');
    yield Buffer.from(at === 0 ? part : `,${part}`);
    await setImmediate();
  }
  yield Buffer.from('],"version":1}');
}
