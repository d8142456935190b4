import { hostname, userInfo } from 'node:os';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import type { Config } from '../../../libs/config/config.js';
import { paths } from '../../../libs/config/paths.js';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { deleteArchive } from '../../../libs/evidence/delete-archive.js';
import { expiredArchives } from '../../../libs/evidence/expired-archives.js';

/** Archives that the policy keeps no longer. */
export interface Archives {
  /** How long they are kept: `forever`, or such as `90 days`. */
  readonly kept: string;
  /** Runs whose archives were deleted, or would be; oldest first. */
  readonly runs: readonly string[];
}

/**
 * Deletes the archives that are older than the settings keep them; each deletion is recorded with the release key.
 *
 * @param deleteThem false: only looks
 * @throws HeptadError `KeyNotPinned`, `KeyFileExposed` the release key cannot be used here; nothing was deleted
 */
export async function deleteExpired(
  config: Config,
  store: ArtifactStore,
  deleteThem: boolean,
): Promise<Archives> {
  const { retentionDays: days } = config;
  const policy = days === undefined ? 'forever' : `${days} ${days === 1 ? 'day' : 'days'}`;
  const expired = await expiredArchives(store, days);
  if (deleteThem && expired.length > 0) {
    const places = paths(config);
    const release = await openSigner(places, 'release');
    const by = `${userInfo().username}@${hostname()}`;
    for (const archive of expired)
      await deleteArchive({ store, packages: places.packages }, archive, { release, policy, by });
  }
  return { kept: policy, runs: expired.map(({ run }) => run) };
}
