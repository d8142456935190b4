import { type KeyObject, verify } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Envelope, PinnedKey, Signature } from '../contracts/signature.js';
import type { Identity } from '../protocol/identities.js';
import type { PayloadType } from '../protocol/payload-types.js';
import { publicKeyOf } from './key-list.js';

/** What a signature is expected to be. */
export interface ExpectedSignature {
  readonly type: PayloadType;
  /** Who must have signed; null: any identity that is pinned. */
  readonly identity: Identity | null;
}

/** Pinned public keys, against which signatures are checked. */
export class Trust {
  readonly #keys: ReadonlyMap<string, PinnedKey>;
  readonly #publicKeys: ReadonlyMap<string, KeyObject>;

  /** @param keys those whose key id is not that of their bytes are left out: they could never verify anything */
  constructor(keys: readonly PinnedKey[]) {
    const usable = keys.flatMap((key) => {
      const publicKey = publicKeyOf(key);
      return publicKey ? [{ key, publicKey }] : [];
    });
    this.#keys = new Map(usable.map(({ key }) => [key.keyid, key]));
    this.#publicKeys = new Map(usable.map(({ key, publicKey }) => [key.keyid, publicKey]));
  }

  get keys(): readonly PinnedKey[] {
    return [...this.#keys.values()];
  }

  find(keyid: string): PinnedKey | undefined {
    return this.#keys.get(keyid);
  }

  /** Why a document's signature does not count, as sentences; none where it does. */
  problemsOf(document: { readonly signature: Signature }, expected: ExpectedSignature): string[] {
    const { signature, ...body } = document;
    return this.#problems(signature, Buffer.from(canonicalJson(body)), expected);
  }

  /** The same for a DSSE envelope: each of its signatures must count. */
  problemsOfEnvelope({ payloadType, payload, signatures }: Envelope, expected: ExpectedSignature): string[] {
    if (payloadType !== expected.type) return [`It is of the type ${payloadType}, not ${expected.type}.`];
    if (signatures.length === 0) return ['It has no signature.'];
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.toString('base64') !== payload) return ['Its payload is not canonical base64.'];
    return signatures.flatMap((signature) => this.#problems(signature, bytes, expected));
  }

  #problems(
    { keyid, sig }: { keyid: string; sig: string },
    bytes: Buffer,
    { type, identity }: ExpectedSignature,
  ): string[] {
    const key = this.#keys.get(keyid);
    const publicKey = this.#publicKeys.get(keyid);
    if (!key || !publicKey) return [`It is signed with the key ${keyid}, which is not pinned.`];
    if (identity !== null && key.identity !== identity)
      return [`It is signed by ${key.identity}, not by ${identity}.`];
    if (key.revoked) return [`The key ${keyid} of ${key.identity} was revoked: ${key.revoked.reason}`];
    // Base64 has several spellings of the same bytes: another one is another document.
    const bytesOfSignature = Buffer.from(sig, 'base64');
    const spelt = bytesOfSignature.toString('base64') === sig;
    return spelt && verify(null, dsse.preAuthEncoding(type, bytes), publicKey, bytesOfSignature)
      ? []
      : [`The signature of ${key.identity} is not one of these bytes.`];
  }
}
