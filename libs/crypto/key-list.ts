import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ifThere } from '../artifacts/if-there.js';
import { type KeyList, keyListSchema, type PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';
import { keyidOf } from './signer.js';

/** The Ed25519 public key in a pinned one; undefined where its bytes are no such key, or not those of its id. */
export function publicKeyOf({
  keyid,
  publicKey,
}: Pick<PinnedKey, 'keyid' | 'publicKey'>): KeyObject | undefined {
  const der = Buffer.from(publicKey, 'base64');
  // Base64 has several spellings of the same bytes; one of them is signed and compared.
  if (der.toString('base64') !== publicKey) return undefined;
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && keyidOf(key) === keyid ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Parses a list of public keys. What is wrong is told without what is in the file: it may be a private key that was
 * given by mistake.
 *
 * @param what the subject of the error's sentence, such as `The file keys.json`
 * @throws HeptadError `KeyListInvalid`
 */
export function parseKeyList(bytes: Uint8Array, what: string): KeyList {
  const keys = keyListSchema.safeParse(jsonOf(bytes));
  const problem = keys.success
    ? problemOf(keys.data)
    : `is no list of public keys as \`heptad keys export\` prints it`;
  if (keys.success && problem === undefined) return keys.data;
  throw new HeptadError('KeyListInvalid', `${what} ${problem}.`);
}

/** The list in a file; undefined where there is no such file. */
export async function readKeyList(path: string): Promise<KeyList | undefined> {
  const bytes = await ifThere(readFile(path));
  return bytes && parseKeyList(bytes, `The file ${path}`);
}

/** How a list is written: for people to read too. */
export const keyListText = (keys: readonly PinnedKey[]): string =>
  `${JSON.stringify(asKeyList(keys), null, 2)}\n`;

export const asKeyList = (keys: readonly PinnedKey[]): KeyList => ({ version: 1, keys: [...keys] });

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function problemOf({ keys }: KeyList): string | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    if (publicKeyOf(key) === undefined) return `has the id ${key.keyid} on a key that is not its own`;
    if (seen.has(key.keyid)) return `has the key ${key.keyid} twice`;
    seen.add(key.keyid);
  }
  return undefined;
}
