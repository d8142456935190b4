import type { KeyList, PinnedKey } from '../contracts/signature.js';
import { payloadType } from '../protocol/payload-types.js';
import type { Signer } from './signer.js';
import { Trust } from './trust.js';

/** What the key before signs of its successor. */
const successorOf = ({ keyid, identity, publicKey, since }: PinnedKey) => ({
  keyid,
  identity,
  publicKey,
  since,
});

/** A key with the signature of the key before it. */
export const succeeding = (before: Signer, key: PinnedKey): PinnedKey => ({
  ...key,
  succeeds: before.signed(payloadType.succession, successorOf(key)).signature,
});

/** Whether a key was signed by one that is trusted, not revoked, and of the same identity. */
export function isSuccessor(trust: Trust, key: PinnedKey): boolean {
  if (!key.succeeds) return false;
  const signed = { ...successorOf(key), signature: key.succeeds };
  return trust.problemsOf(signed, { type: payloadType.succession, identity: key.identity }).length === 0;
}

/**
 * The trust with the keys of a list that are reached from it by successions; a list is trusted for nothing else.
 * What is pinned stays as it is pinned. Of two keys that claim to succeed the same one neither is believed, and none
 * succeeds a key whose successor is pinned: who got hold of a retired key could sign another one.
 */
export function extendTrust(trust: Trust, list: KeyList): Trust {
  const succeeded = new Set(trust.keys.flatMap(({ succeeds }) => (succeeds ? [succeeds.keyid] : [])));
  const candidates = list.keys.filter(({ keyid }) => !trust.find(keyid));
  const reached = candidates.filter((key) => isSuccessor(trust, key));
  const added = reached.filter(
    ({ succeeds }) =>
      succeeds &&
      !succeeded.has(succeeds.keyid) &&
      reached.filter((other) => other.succeeds?.keyid === succeeds.keyid).length === 1,
  );
  return added.length === 0 ? trust : extendTrust(new Trust([...trust.keys, ...added]), list);
}
