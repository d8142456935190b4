import type { PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';

/**
 * Keys with others added, in the order in which they came. What is pinned is never removed, and a revocation never
 * taken back.
 *
 * @param where for the error's sentence, such as a file
 * @throws HeptadError `KeyConflict` a key is pinned to another identity
 */
export function mergeKeys(
  pinned: readonly PinnedKey[],
  given: readonly PinnedKey[],
  where: string,
): readonly PinnedKey[] {
  const merged = new Map(pinned.map((key) => [key.keyid, key]));
  for (const key of given) {
    const before = merged.get(key.keyid);
    if (before && before.identity !== key.identity)
      throw new HeptadError(
        'KeyConflict',
        `${where} pins the key ${key.keyid} to ${before.identity}; it is given now as one of ${key.identity}. ` +
          'Find out whose it is; where the pin is wrong, remove it from the file.',
      );
    merged.set(key.keyid, before ? together(before, key) : key);
  }
  return [...merged.values()];
}

const together = (before: PinnedKey, key: PinnedKey): PinnedKey => ({
  ...before,
  retired: before.retired ?? key.retired,
  revoked: before.revoked ?? key.revoked,
  succeeds: before.succeeds ?? key.succeeds,
});
