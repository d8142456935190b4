import { rename, rm } from 'node:fs/promises';
import { syncFolder } from '../artifacts/durable-files.js';
import { ifThere } from '../artifacts/if-there.js';
import type { PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';
import type { Identity } from '../protocol/identities.js';
import { nextKeyFile, openPrivateKey, privateKeyFile, readPrivateKey } from './key-files.js';
import { asPinned, type KeyPlaces, notPinned } from './open-signer.js';
import { writeKeys } from './pin-for-user.js';
import { activeKey, readPins, trustFile } from './read-trust.js';
import { Signer } from './signer.js';
import { succeeding } from './succession.js';

/**
 * Gives an identity a new key. The one before signs it, is retired, and its private key is gone. Where every key of
 * the identity was revoked, the new one succeeds none: who verifies must pin it. A rotation that was cut off is
 * finished by the next one.
 *
 * @returns the new key
 * @throws HeptadError `KeyUnknown` the identity has no key yet
 * @throws HeptadError `KeyNotPinned` the private key that would have to sign the new one is not here
 */
export async function rotateKey(places: KeyPlaces, identity: Identity): Promise<PinnedKey> {
  const { keys, trust } = places;
  const next = nextKeyFile(keys, identity);
  const pins = await readPins(trust, identity);
  if (pins.length === 0)
    throw new HeptadError(
      'KeyUnknown',
      `${trustFile(trust, identity)} has no key of ${identity}: nothing is there to be rotated. ` +
        'Its first key is made when it first signs.',
    );
  const active = activeKey(pins);
  const begun = await signerIn(next, identity);
  const finished = active !== undefined && begun?.keyid === active.keyid;
  // What was pinned once and signs no more is not used again.
  if (begun && !finished && pins.some(({ keyid }) => keyid === begun.keyid)) await rm(next);
  const key = finished ? active : await pinSuccessor(places, identity, pins);
  // Another process that finishes the same rotation may have moved it already.
  await ifThere(rename(next, privateKeyFile(keys, identity)));
  await syncFolder(keys);
  return key;
}

async function pinSuccessor(
  { keys, trust }: KeyPlaces,
  identity: Identity,
  pins: readonly PinnedKey[],
): Promise<PinnedKey> {
  const now = new Date().toISOString();
  const active = activeKey(pins);
  const before = active && (await signerOf(active, { keys, trust }));
  const fresh = asPinned(new Signer(identity, await openPrivateKey(nextKeyFile(keys, identity))), now);
  const key = before ? succeeding(before, fresh) : fresh;
  const retired = pins.map((pin) => (pin === active ? { ...pin, retired: now } : pin));
  await writeKeys(trustFile(trust, identity), [...retired, key]);
  return key;
}

async function signerIn(path: string, identity: Identity): Promise<Signer | undefined> {
  const privateKey = await readPrivateKey(path);
  return privateKey && new Signer(identity, privateKey);
}

async function signerOf({ keyid, identity }: PinnedKey, { keys, trust }: KeyPlaces): Promise<Signer> {
  const path = privateKeyFile(keys, identity);
  const signer = await signerIn(path, identity);
  if (signer?.keyid === keyid) return signer;
  throw notPinned(identity, {
    is: signer ? `The private key ${path} is ${signer.keyid}` : `There is no private key ${path}`,
    pins: `${trustFile(trust, identity)} pins ${keyid}`,
    mend:
      'The key before must sign the new one: rotate where its private key is. ' +
      `Where it is lost, revoke it first by \`heptad keys revoke ${keyid}\`.`,
  });
}
