import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import { byPath } from '../artifacts/snapshot/difference.js';
import { writeSnapshot } from '../artifacts/snapshot/write-snapshot.js';
import type { Snapshot, SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import type { Genome } from './genome.js';
import type { MergePart, PiecePart } from './parts.js';

/**
 * Stores the workspace that a genome stands for: the captured one with the chosen variant of each part. No program runs.
 *
 * @returns undefined where there can be no such workspace, such as with a file in the place of a folder
 */
export async function buildWorkspace(
  store: ArtifactStore,
  captured: Snapshot,
  parts: readonly MergePart[],
  genome: Genome,
): Promise<SnapshotRef | undefined> {
  const entries = new Map(byPath(captured.entries));
  const divided = new Map<string, { part: PiecePart; options: number[] }>();
  for (const [index, part] of parts.entries()) {
    const variant = genome[index] ?? 0;
    if (part.kind === 'file') {
      const entry = part.variants[variant]?.entry ?? null;
      if (entry) entries.set(part.path, entry);
      else entries.delete(part.path);
      continue;
    }
    const file = divided.get(part.path) ?? { part, options: [] };
    file.options.push(variant);
    divided.set(part.path, file);
  }
  return await store.batch(async (writer) => {
    for (const [path, { part, options }] of divided) {
      const { digest, size } = await writer.put(part.division.assemble(options), mediaType.bytes);
      entries.set(path, { ...part.base, digest, size });
    }
    try {
      return await writeSnapshot(writer, [...entries.values()], 'The merged workspace');
    } catch (error) {
      if (error instanceof HeptadError && error.code === 'SubjectInvalid') return undefined;
      throw error;
    }
  });
}
