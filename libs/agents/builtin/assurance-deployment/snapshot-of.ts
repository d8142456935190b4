import { createHash } from 'node:crypto';
import { digestOfJson } from '../../../artifacts/digest-of-json.js';
import { walkFolder } from '../../../artifacts/snapshot/walk-folder.js';
import type { Snapshot, SnapshotEntry, SnapshotRef } from '../../../contracts/subject.js';
import { byCodeUnit } from '../subject/order.js';

/** The snapshot that a folder is, as the artifact store would name it, without storing it. */
export async function snapshotOf(folder: string): Promise<SnapshotRef> {
  const files: Extract<SnapshotEntry, { kind: 'file' }>[] = [];
  const { links } = await walkFolder(folder, {}, async ({ path, executable, size, handle }) => {
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) hash.update(chunk);
    files.push({ kind: 'file', path, executable, size, digest: `sha256:${hash.digest('hex')}` });
  });
  const linked = [...links].map(([path, target]): SnapshotEntry => ({ kind: 'link', path, target }));
  const entries = [...files, ...linked].sort((a, b) => byCodeUnit(a.path, b.path));
  return {
    digest: digestOfJson({ version: 1, entries } satisfies Snapshot),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}
