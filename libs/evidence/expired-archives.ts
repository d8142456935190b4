import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type SealEntry, sealEntrySchema } from '../contracts/evidence.js';
import { deletionEntryName, sealEntryName } from './seal-entry.js';

/** An archive that is to be deleted. */
export interface ExpiredArchive {
  readonly run: string;
  readonly entry: SealEntry;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The archives of runs that closed more than so many days ago, and those whose deletion was recorded and cut off;
 * oldest first.
 *
 * @param days undefined: archives are kept for ever
 */
export async function expiredArchives(
  store: ArtifactStore,
  days: number | undefined,
  now = Date.now(),
): Promise<ExpiredArchive[]> {
  const prefix = sealEntryName('');
  const expired: { readonly closed: number; readonly archive: ExpiredArchive }[] = [];
  for (const name of await store.entries.list(prefix)) {
    const bytes = await store.entries.get(name);
    if (!bytes) continue;
    const run = name.slice(prefix.length);
    const entry = parseJson(bytes, sealEntrySchema, `The entry ${name}`);
    const closed = Date.parse(entry.summary.closedAt ?? entry.summary.startedAt);
    const old = days !== undefined && closed < now - days * dayMs;
    if (old || (await store.entries.get(deletionEntryName(run))))
      expired.push({ closed, archive: { run, entry } });
  }
  return expired.sort((a, b) => a.closed - b.closed).map(({ archive }) => archive);
}
