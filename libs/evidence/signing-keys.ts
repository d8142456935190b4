import type { KeyList, PinnedKey } from '../contracts/signature.js';
import type { Trust } from '../crypto/trust.js';
import { type Identity, serviceIdentities } from '../protocol/identities.js';

/**
 * The public keys of the service, and of the people who signed something, as they go with the evidence: all of each
 * identity, so that its successions can be followed. Sorted, so that the same keys give the same bytes.
 */
export function signingKeys(trust: Trust, people: readonly Identity[]): KeyList {
  const known: ReadonlySet<Identity> = new Set([...serviceIdentities, ...people]);
  const order = ({ identity, since, keyid }: PinnedKey): string => `${identity} ${since} ${keyid}`;
  const keys = trust.keys.filter(({ identity }) => known.has(identity));
  return { version: 1, keys: keys.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) };
}
