import { generateKeyPairSync } from 'node:crypto';
import type { PinnedKey } from '../../libs/contracts/signature.js';
import { Signer } from '../../libs/crypto/signer.js';
import { Trust } from '../../libs/crypto/trust.js';
import { type Identity, type ServiceIdentity, serviceIdentities } from '../../libs/protocol/identities.js';

/** A signer with a fresh key that is nowhere on disk. */
export const freshSigner = (identity: Identity): Signer =>
  new Signer(identity, generateKeyPairSync('ed25519').privateKey);

/** How a signer's key is pinned. */
export const pinnedKeyOf = (signer: Signer, changes: Partial<PinnedKey> = {}): PinnedKey => ({
  keyid: signer.keyid,
  identity: signer.identity,
  publicKey: signer.publicKey,
  since: '2026-01-01T00:00:00.000Z',
  retired: null,
  revoked: null,
  succeeds: null,
  ...changes,
});

/** Trust in exactly these signers. */
export const trustIn = (...signers: readonly Signer[]): Trust =>
  new Trust(signers.map((signer) => pinnedKeyOf(signer)));

/** A signer with a fresh key for each identity of the service. */
export const freshSigners = (): Readonly<Record<ServiceIdentity, Signer>> =>
  Object.fromEntries(serviceIdentities.map((identity) => [identity, freshSigner(identity)])) as Record<
    ServiceIdentity,
    Signer
  >;
