import { generateKeyPairSync } from 'node:crypto';
import type { Pass } from '../../contracts/evidence.js';
import type { PinnedKey } from '../../contracts/signature.js';
import { Signer } from '../../crypto/signer.js';
import type { Trust } from '../../crypto/trust.js';
import type { Identity } from '../../protocol/identities.js';
import { RememberingTrust } from './remembering-trust.js';

/**
 * Who forges: each with a key that was made for this attack and that no store of pins knows. So that what they sign
 * is rejected for what it says, and not for its key, `trust` pins most of them beside the keys that are pinned in truth.
 */
export class Attackers {
  /** Pins the producer's and the verifiers' below, and `revoked` as what it is. */
  readonly trust: Trust;
  /** Signs as the producer does. */
  readonly producer = fresh('producer');
  /** A verifier of C, whose key is pinned nowhere. */
  readonly stranger = fresh('verifier.c');
  /** A verifier of C, whose key was revoked. */
  readonly revoked = fresh('verifier.c');
  /** The producer, with a key that was revoked. */
  readonly revokedProducer = fresh('producer');
  readonly #verifiers: Readonly<Record<Pass, Signer>> = {
    A: fresh('verifier.a'),
    B: fresh('verifier.b'),
    C: fresh('verifier.c'),
  };

  constructor(genuine: Trust) {
    this.trust = new RememberingTrust([
      ...genuine.keys,
      pinned(this.producer),
      ...Object.values(this.#verifiers).map((verifier) => pinned(verifier)),
      ...[this.revoked, this.revokedProducer].map((one) =>
        pinned(one, { at: since, reason: 'It was stolen.' }),
      ),
    ]);
  }

  /** A verifier of a pass. */
  verifier(pass: Pass): Signer {
    return this.#verifiers[pass];
  }
}

const fresh = (identity: Identity): Signer => new Signer(identity, generateKeyPairSync('ed25519').privateKey);

const since = '2000-01-01T00:00:00.000Z';

const pinned = (signer: Signer, revoked: PinnedKey['revoked'] = null): PinnedKey => ({
  keyid: signer.keyid,
  identity: signer.identity,
  publicKey: signer.publicKey,
  since,
  retired: null,
  revoked,
  succeeds: null,
});
