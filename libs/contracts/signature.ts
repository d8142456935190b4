import { z } from 'zod';
import { type Identity, isIdentity } from '../protocol/identities.js';
import { digestSchema } from './artifact.js';

export const identitySchema = z.custom<Identity>((value) => typeof value === 'string' && isIdentity(value), {
  message: 'expected an identity of the service, or person: and a name',
});

/**
 * An Ed25519 signature. It covers DSSE's pre-authentication encoding of the payload type and of the document without
 * its field `signature`, as canonical JSON (RFC 8785).
 */
export const signatureSchema = z.strictObject({
  /** SHA-256 of the public key's SubjectPublicKeyInfo in DER. */
  keyid: digestSchema,
  /** Base64 of 64 bytes. */
  sig: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type Signature = z.infer<typeof signatureSchema>;

/** A public key that is pinned to an identity. Times are ISO 8601. */
export const pinnedKeySchema = z.strictObject({
  keyid: digestSchema,
  identity: identitySchema,
  /** Base64 of the SubjectPublicKeyInfo in DER. */
  publicKey: z.string(),
  since: z.string(),
  /** When another key took its place; what it signed stays valid. */
  retired: z.string().nullable(),
  /** When and why it was revoked; nothing that it signed counts any more, whenever it says it was signed. */
  revoked: z.strictObject({ at: z.string(), reason: z.string() }).nullable(),
  /** The key before, and its signature over this key; null for the first of an identity. */
  succeeds: signatureSchema.nullable(),
});
export type PinnedKey = z.infer<typeof pinnedKeySchema>;

/** Public keys that are trusted: a pin store, and `evidence/keys.json` of a package, which is trusted for nothing. */
export const keyListSchema = z.strictObject({ version: z.literal(1), keys: z.array(pinnedKeySchema) });
export type KeyList = z.infer<typeof keyListSchema>;

/** A DSSE envelope, as it is written: canonical JSON. */
export const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  /** Base64. */
  payload: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
});
export type Envelope = z.infer<typeof envelopeSchema>;
