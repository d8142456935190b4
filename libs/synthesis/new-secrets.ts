import { posix } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { byPath, difference } from '../artifacts/snapshot/difference.js';
import { type Snapshot, snapshotSchema } from '../contracts/subject.js';
import type { Digest } from '../protocol/digest.js';
import { findSecrets } from '../secrets/find-secrets.js';
import type { Checked } from './judged.js';
import { count, firstOf } from './order.js';

/** Files over this size are not scanned, and count against the candidate: 1 MiB. */
const largest = 1024 * 1024;

/**
 * Whether a changed workspace holds secrets that the one before does not, in the files that differ. What cannot be
 * scanned (a file over 1 MiB) counts as not clean. Binary files hold no text.
 */
export async function newSecrets(store: ArtifactStore, before: Digest, after: Digest): Promise<Checked> {
  const [old, now] = await Promise.all([
    store.getJson(before, snapshotSchema),
    store.getJson(after, snapshotSchema),
  ]);
  const { added, changed } = difference(old, now);
  const [oldFiles, newFiles] = [byPath(old.entries), byPath(now.entries)];
  const known = new Set<string>();
  for (const path of changed)
    for (const { key } of (await secretsIn(store, oldFiles.get(path))) ?? []) known.add(key);
  const found: string[] = [];
  const unread: string[] = [];
  for (const path of [...added, ...changed].sort()) {
    const secrets = await secretsIn(store, newFiles.get(path));
    if (secrets === undefined) unread.push(path);
    else
      found.push(
        ...secrets.filter(({ key }) => !known.has(key)).map(({ rule, line }) => `${path}:${line} (${rule})`),
      );
  }
  if (found.length > 0)
    return { ok: false, says: `It brings in what looks like secrets: ${firstOf(found)}.` };
  if (unread.length > 0)
    return { ok: false, says: `Too large to be scanned for secrets: ${firstOf(unread)}.` };
  return {
    ok: true,
    says: `${count(added.length + changed.length, 'file')} that differ were scanned; none brings a secret in.`,
  };
}

async function secretsIn(
  store: ArtifactStore,
  entry: Snapshot['entries'][number] | undefined,
): Promise<{ key: string; rule: string; line: number }[] | undefined> {
  if (entry?.kind !== 'file') return [];
  if (entry.size > largest) return undefined;
  const bytes = await store.get(entry.digest);
  if (bytes.includes(0)) return [];
  const secrets = await findSecrets(bytes.toString('utf8'), posix.basename(entry.path));
  return secrets.map(({ rule, line, value }) => ({ key: `${rule} ${value}`, rule, line }));
}
