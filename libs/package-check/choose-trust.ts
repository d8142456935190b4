import type { KeyList, PinnedKey } from '../contracts/signature.js';
import { extendTrust } from '../crypto/succession.js';
import { Trust } from '../crypto/trust.js';

/** What is trusted here. */
export interface Pinned {
  readonly pinned: readonly PinnedKey[];
  /** Ids of keys that are trusted; the package itself has the keys, whose identities are its own word. */
  readonly keyids?: readonly string[] | undefined;
}

/** By which keys a package is checked. */
export interface ChosenTrust {
  readonly trust: Trust;
  /** `unknown`: none of the package's keys is pinned here, so it is checked by its own words alone. */
  readonly origin: 'trusted' | 'unknown';
}

/**
 * The keys by which a package is checked: the pinned ones and what succeeded them; where none of them is among those
 * that the package names, its own, which say nothing of its origin.
 */
export function chooseTrust({ pinned, keyids = [] }: Pinned, own: KeyList): ChosenTrust {
  const named = own.keys.filter(({ keyid }) => keyids.includes(keyid));
  const trust = extendTrust(new Trust([...named, ...pinned]), own);
  const known = own.keys.some(({ keyid }) => trust.find(keyid));
  if (known) return { trust, origin: 'trusted' };
  return { trust: new Trust(own.keys.map((key) => ({ ...key, revoked: null }))), origin: 'unknown' };
}
