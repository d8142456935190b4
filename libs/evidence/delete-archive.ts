import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Deletion } from '../contracts/evidence.js';
import type { Signer } from '../crypto/signer.js';
import { deliveryPrefix } from '../delivery/delivery.js';
import { packageFolder } from '../packaging/package-folder.js';
import { unpublish } from '../packaging/write-folder.js';
import { payloadType } from '../protocol/payload-types.js';
import { pinPrefix } from '../templates/registry/entry-names.js';
import { runPrefix } from './activity-name.js';
import type { ExpiredArchive } from './expired-archives.js';
import { deletionEntryName, refusalEntryName, sealEntryName } from './seal-entry.js';

/** By whom, why and when an archive is deleted. */
export interface DeletionOrder {
  readonly release: Signer;
  /** Such as `90 days`. */
  readonly policy: string;
  /** User and host. */
  readonly by: string;
  readonly now?: Date;
}

/**
 * Deletes the archive of a run: its folder among the packages, the entries of its attempts, and its seal, by which
 * the artifacts were kept; these go with the next garbage collection. First of all the deletion is recorded, signed,
 * in the entry `deletions/{run}`, which stays. One that was cut off goes on as it was recorded.
 */
export async function deleteArchive(
  { store, packages }: { readonly store: ArtifactStore; readonly packages: string },
  { run, entry }: ExpiredArchive,
  { release, policy, by, now = new Date() }: DeletionOrder,
): Promise<void> {
  const deletion: Omit<Deletion, 'signature'> = {
    version: 1,
    run,
    tenant: entry.summary.tenant,
    seal: entry.seal.digest,
    closedAt: entry.summary.closedAt ?? entry.summary.startedAt,
    at: now.toISOString(),
    policy,
    by,
    what: ['seal', 'package', 'attempts'],
  };
  const signed = canonicalJson(release.signed(payloadType.deletion, deletion));
  await store.entries.put(deletionEntryName(run), signed, { ifAbsent: true });
  await unpublish(packageFolder(packages, run));
  for (const prefix of [runPrefix(run), deliveryPrefix(run), pinPrefix(run)])
    for (const name of await store.entries.list(prefix)) await store.entries.delete(name);
  await store.entries.delete(refusalEntryName(run));
  await store.entries.delete(sealEntryName(run));
}
