import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Envelope, Signature } from '../contracts/signature.js';
import type { Digest } from '../protocol/digest.js';
import type { Identity } from '../protocol/identities.js';
import type { PayloadType } from '../protocol/payload-types.js';

/** Signs for one identity. The private key does not leave it. */
export class Signer {
  readonly keyid: Digest;
  readonly #privateKey: KeyObject;

  /** @param privateKey an Ed25519 key */
  constructor(
    readonly identity: Identity,
    privateKey: KeyObject,
  ) {
    this.#privateKey = privateKey;
    this.keyid = keyidOf(createPublicKey(privateKey));
  }

  /** Base64 of the SubjectPublicKeyInfo in DER. */
  get publicKey(): string {
    return spki(createPublicKey(this.#privateKey)).toString('base64');
  }

  /** The document with its signature, see `signatureSchema`. */
  signed<T extends object>(type: PayloadType, document: T): T & { signature: Signature } {
    const bytes = Buffer.from(canonicalJson(document));
    return { ...document, signature: { keyid: this.keyid, sig: this.#sign(type, bytes) } };
  }

  /** A DSSE envelope around the canonical JSON of a payload. */
  envelope(type: PayloadType, payload: unknown): Envelope {
    const bytes = Buffer.from(canonicalJson(payload));
    return {
      payloadType: type,
      payload: bytes.toString('base64'),
      signatures: [{ keyid: this.keyid, sig: this.#sign(type, bytes) }],
    };
  }

  #sign(type: PayloadType, bytes: Buffer): string {
    return sign(null, dsse.preAuthEncoding(type, bytes), this.#privateKey).toString('base64');
  }
}

/** SHA-256 of a public key's SubjectPublicKeyInfo in DER. */
export const keyidOf = (publicKey: KeyObject): Digest =>
  `sha256:${createHash('sha256').update(spki(publicKey)).digest('hex')}`;

const spki = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });
