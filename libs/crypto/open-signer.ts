import { linkInto, syncFolder, writeTemporary } from '../artifacts/durable-files.js';
import type { PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';
import type { Identity } from '../protocol/identities.js';
import { openPrivateKey, privateKeyFile, readPrivateKey } from './key-files.js';
import { keyListText } from './key-list.js';
import { activeKey, readPins, trustFile } from './read-trust.js';
import { Signer } from './signer.js';

/** Where keys are. */
export interface KeyPlaces {
  /** Folder of the private keys of this process. */
  readonly keys: string;
  /** Folder of the public keys that the service trusts. */
  readonly trust: string;
}

/**
 * The signer of an identity. At first use its key is made, and pinned in the trust folder; from then on it must be the
 * pinned one.
 *
 * @throws HeptadError `KeyFileExposed`, `KeyFileInvalid`, `KeyListInvalid`
 * @throws HeptadError `KeyNotPinned` another key is pinned for the identity, or this one was revoked
 */
export async function openSigner({ keys, trust }: KeyPlaces, identity: Identity): Promise<Signer> {
  const path = privateKeyFile(keys, identity);
  // Who has pins had a key: one that is lost is not replaced in silence.
  const known = (await readPins(trust, identity)).length > 0;
  const privateKey = known ? await readPrivateKey(path) : await openPrivateKey(path);
  const signer = privateKey && new Signer(identity, privateKey);
  if (signer && !known) await pinIfAbsent(trust, asPinned(signer, new Date().toISOString()));
  const active = activeKey(await readPins(trust, identity));
  if (signer && active?.keyid === signer.keyid) return signer;
  throw notPinned(identity, {
    is: signer ? `The private key ${path} is ${signer.keyid}` : `There is no private key ${path}`,
    pins: `${trustFile(trust, identity)} ${active ? `pins ${active.keyid}` : 'has no key that may still sign'}`,
    mend: active
      ? `Restore the private key that is pinned; or, where it is lost, revoke it by \`heptad keys revoke ${active.keyid}\` ` +
        `and make a new one by \`heptad keys rotate ${identity}\`. Where a rotation was cut off, rotate again.`
      : `Make a new one by \`heptad keys rotate ${identity}\`, and hand it to who verifies.`,
  });
}

export const notPinned = (
  identity: Identity,
  { is, pins, mend }: { readonly is: string; readonly pins: string; readonly mend: string },
): HeptadError => new HeptadError('KeyNotPinned', `${is}, but ${pins} for ${identity}. ${mend}`);

/** How a signer's key is pinned at first. */
export const asPinned = ({ keyid, identity, publicKey }: Signer, since: string): PinnedKey => ({
  keyid,
  identity,
  publicKey,
  since,
  retired: null,
  revoked: null,
  succeeds: null,
});

/** Pins the first key of an identity; where there is one, nothing changes. */
async function pinIfAbsent(trust: string, key: PinnedKey): Promise<void> {
  const file = await writeTemporary(trust, [Buffer.from(keyListText([key]))]);
  if (await linkInto(file.path, trustFile(trust, key.identity))) await syncFolder(trust);
}
