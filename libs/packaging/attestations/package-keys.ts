import type { KeyList, PinnedKey } from '../../contracts/signature.js';
import type { Trust } from '../../crypto/trust.js';
import { HeptadError } from '../../protocol/errors.js';
import { byCodeUnit } from '../../synthesis/order.js';
import type { AttestedRun } from './attested-run.js';

/**
 * The public keys that the signatures of a package name, sorted by id. When a key is retired or revoked may change
 * after the package was made, so that is not told: who checks has to know it from elsewhere.
 *
 * @param release the key that signs the attestations
 * @throws HeptadError `KeyUnknown` a key is not pinned
 */
export function packageKeys({ evidence }: AttestedRun, release: string, trust: Trust): KeyList {
  const ids = new Set([release]);
  for (const { record, verdicts, attempts, waiver } of evidence)
    for (const { signature } of [record, ...verdicts, ...attempts.steps, ...(waiver ? [waiver] : [])])
      ids.add(signature.keyid);
  return { version: 1, keys: [...ids].sort(byCodeUnit).map((id) => pinned(trust, id)) };
}

function pinned(trust: Trust, id: string): PinnedKey {
  const key = trust.find(id);
  if (!key)
    throw new HeptadError(
      'KeyUnknown',
      `Something in the package is signed with ${id}, which is not pinned.`,
    );
  return { ...key, retired: null, revoked: null };
}
