import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { rootsOfEntries } from '../../../libs/artifacts/garbage/roots-of-entries.js';
import { runPrefix } from '../../../libs/evidence/activity-name.js';
import { deletionEntryName, sealEntryName } from '../../../libs/evidence/seal-entry.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { segmentsPrefix } from '../../../libs/segments/committed-chunks.js';
import { pinPrefix } from '../../../libs/templates/registry/entry-names.js';
import type { ApiClient } from '../client/api-client.js';

/** What runs without a seal need. */
export interface OpenRuns {
  readonly runs: readonly string[];
  readonly roots: readonly Digest[];
  /** When the oldest of them began, in milliseconds since 1970; null where there is none. */
  readonly since: number | null;
}

/**
 * The artifacts of every run that the service knows and that has no seal in the store, as its histories and the
 * steps of its activities name them.
 *
 * @throws HeptadError `GarbageUnsafe` the service keeps its artifacts in another store than this one
 */
export async function rootsOfOpenRuns(api: ApiClient, store: ArtifactStore): Promise<OpenRuns> {
  const runs: string[] = [];
  const roots: Digest[] = [];
  let since: number | null = null;
  for await (const run of everyRun(api)) {
    // The engine may know a run for longer than its archive is kept.
    const settled = [sealEntryName(run), deletionEntryName(run)].map((name) => store.entries.get(name));
    if ((await Promise.all(settled)).some((entry) => entry !== undefined)) continue;
    const view = await api.run(run);
    if (view.sealed) throw elsewhere(api, `it has the run ${run} sealed, and the folder has no seal of it`);
    runs.push(run);
    since = Math.min(since ?? Number.POSITIVE_INFINITY, Date.parse(view.startedAt));
    for (const { digest, name } of await api.artifacts(run)) {
      if (!(await store.has(digest)))
        throw elsewhere(api, `the folder does not have ${name} of the run ${run}`);
      roots.push(digest);
    }
    // From the checkpoints that its activities proved they go on.
    for await (const digest of rootsOfEntries(store, runPrefix(run))) roots.push(digest);
    // A segment goes on from the chunks that were committed.
    for await (const digest of rootsOfEntries(store, segmentsPrefix(run))) roots.push(digest);
    // The template that it follows, which it may not have named yet.
    for await (const digest of rootsOfEntries(store, pinPrefix(run))) roots.push(digest);
  }
  return { runs, roots, since };
}

async function* everyRun(api: ApiClient): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const list = await api.runs({ limit: 100, cursor });
    for (const { id } of list.runs) yield id;
    cursor = list.next ?? undefined;
  } while (cursor !== undefined);
}

const elsewhere = (api: ApiClient, sign: string): HeptadError =>
  new HeptadError(
    'GarbageUnsafe',
    `The service at ${api.address} does not use the artifacts of this data folder: ${sign}. ` +
      'Nothing was deleted. Set HEPTAD_DATA to the data folder of that service.',
  );
