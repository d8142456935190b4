import type { PinnedKey } from '../contracts/signature.js';
import type { Digest } from '../protocol/digest.js';
import { readKeyList } from './key-list.js';
import { writeKeys } from './pin-for-user.js';

/**
 * Revokes a key in a list of pinned ones: nothing that it signed counts any more there. One that was revoked before
 * stays as it is.
 *
 * @returns the key as it is pinned now; undefined where the list does not have it
 * @throws HeptadError `KeyListInvalid`
 */
export async function revokeKey(
  file: string,
  keyid: Digest,
  revocation: NonNullable<PinnedKey['revoked']>,
): Promise<PinnedKey | undefined> {
  const keys = (await readKeyList(file))?.keys ?? [];
  const found = keys.find((key) => key.keyid === keyid);
  if (!found || found.revoked) return found;
  const revoked = { ...found, revoked: revocation };
  await writeKeys(
    file,
    keys.map((key) => (key === found ? revoked : key)),
  );
  return revoked;
}
