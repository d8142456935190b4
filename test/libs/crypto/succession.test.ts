import { describe, expect, it } from 'vitest';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { asKeyList } from '../../../libs/crypto/key-list.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { extendTrust, succeeding } from '../../../libs/crypto/succession.js';
import { Trust } from '../../../libs/crypto/trust.js';
import type { Identity } from '../../../libs/protocol/identities.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { freshSigner, pinnedKeyOf, trustIn } from '../../support/signers.js';

const revoked = { at: '2026-02-01T00:00:00.000Z', reason: 'It was copied.' };

/** Keys of an identity, each signed by the one before. */
const chainOf = (
  length: number,
  identity: Identity = 'producer',
): { signers: Signer[]; keys: PinnedKey[] } => {
  const signers = Array.from({ length }, () => freshSigner(identity));
  const keys = signers.map((signer, at) => {
    const before = signers[at - 1];
    return before ? succeeding(before, pinnedKeyOf(signer)) : pinnedKeyOf(signer);
  });
  return { signers, keys };
};

const reached = (pinned: readonly PinnedKey[], listed: readonly PinnedKey[]): string[] =>
  extendTrust(new Trust(pinned), asKeyList(listed)).keys.map(({ keyid }) => keyid);

const ids = (keys: readonly PinnedKey[]): string[] => keys.map(({ keyid }) => keyid);

describe('the succession of keys', () => {
  it('leads from a pinned key to all after it, in whatever order they are listed', () => {
    const { signers, keys } = chainOf(4);
    expect(reached(keys.slice(0, 1), keys.toReversed())).toEqual(ids(keys));
    const last = signers[3]?.signed(payloadType.record, { a: 1 });
    const trust = extendTrust(new Trust(keys.slice(0, 1)), asKeyList(keys));
    expect(last && trust.problemsOf(last, { type: payloadType.record, identity: 'producer' })).toEqual([]);
  });

  it('does not lead back to what was before', () => {
    const { keys } = chainOf(3);
    expect(reached(keys.slice(1, 2), keys)).toEqual(ids(keys.slice(1)));
  });

  it('leads nowhere from nothing', () => {
    expect(reached([], chainOf(3).keys)).toEqual([]);
  });

  it('breaks where a key is missing', () => {
    const { keys } = chainOf(3);
    expect(reached(keys.slice(0, 1), keys.slice(2))).toEqual(ids(keys.slice(0, 1)));
  });

  it('does not lead on from a key that was revoked, by the pin or by the list', () => {
    const { keys } = chainOf(3);
    const [first, second, third] = keys as [PinnedKey, PinnedKey, PinnedKey];
    expect(reached([{ ...first, revoked }], keys)).toEqual([first.keyid]);
    const trust = extendTrust(new Trust([first]), asKeyList([{ ...second, revoked }, third]));
    expect(ids(trust.keys)).toEqual([first.keyid, second.keyid]);
    expect(trust.find(second.keyid)?.revoked).toEqual(revoked);
  });

  it('keeps what is pinned as it is pinned', () => {
    const { keys } = chainOf(2);
    const [first, second] = keys as [PinnedKey, PinnedKey];
    expect(reached([{ ...first, revoked }], [first, second])).toEqual([first.keyid]);
  });

  it('does not lead to another identity', () => {
    const first = freshSigner('producer');
    const other = succeeding(first, pinnedKeyOf(freshSigner('verifier.a')));
    expect(reached([pinnedKeyOf(first)], [other])).toEqual([first.keyid]);
    const renamed: PinnedKey = { ...other, identity: 'producer' };
    expect(reached([pinnedKeyOf(first)], [renamed])).toEqual([first.keyid]);
  });

  it('does not lead to a key that the one before did not sign', () => {
    const { keys } = chainOf(2);
    const [first, second] = keys as [PinnedKey, PinnedKey];
    const stranger = freshSigner('producer');
    const forgeries: PinnedKey[] = [
      { ...pinnedKeyOf(stranger), succeeds: second.succeeds },
      {
        ...succeeding(stranger, second),
        succeeds: { keyid: first.keyid, sig: succeeding(stranger, second).succeeds?.sig ?? '' },
      },
      { ...second, since: '2027-01-01T00:00:00.000Z' },
      { ...second, succeeds: null },
      { ...second, publicKey: stranger.publicKey },
    ];
    for (const forgery of forgeries) expect(reached([first], [forgery])).toEqual([first.keyid]);
    expect(reached([first], [second])).toEqual(ids(keys));
  });

  it('ends where keys succeed each other in a circle', () => {
    const [one, two] = [freshSigner('producer'), freshSigner('producer')];
    const circle = [succeeding(two, pinnedKeyOf(one)), succeeding(one, pinnedKeyOf(two))];
    expect(reached([], circle)).toEqual([]);
    expect(reached([pinnedKeyOf(one)], circle)).toEqual([one.keyid, two.keyid]);
    expect(reached([pinnedKeyOf(one)], [succeeding(one, pinnedKeyOf(one))])).toEqual([one.keyid]);
  });

  it('believes neither of two successors of the same key, and none beside a pinned one', () => {
    const { signers, keys } = chainOf(2);
    const [first, second] = keys as [PinnedKey, PinnedKey];
    const thief = succeeding(signers[0] as Signer, pinnedKeyOf(freshSigner('producer')));
    expect(reached([first], [second, thief])).toEqual([first.keyid]);
    expect(reached([first, second], [thief])).toEqual([first.keyid, second.keyid]);
  });

  it('is no succession where another document was signed', () => {
    const first = freshSigner('producer');
    const second = pinnedKeyOf(freshSigner('producer'));
    const { keyid, identity, publicKey, since } = second;
    const { signature } = first.signed(payloadType.record, { keyid, identity, publicKey, since });
    expect(extendTrust(trustIn(first), asKeyList([{ ...second, succeeds: signature }])).keys).toHaveLength(1);
  });
});
