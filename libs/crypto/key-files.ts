import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linkInto, syncFolder, writeTemporary } from '../artifacts/durable-files.js';
import { ifThere } from '../artifacts/if-there.js';
import { HeptadError } from '../protocol/errors.js';
import type { Identity } from '../protocol/identities.js';

/** An identity as a part of a file's name: `person:ada` is `person_ada`. */
export const fileNameOf = (identity: Identity): string => identity.replace(':', '_');

/** The file of an identity's private key. */
export const privateKeyFile = (keys: string, identity: Identity): string =>
  join(keys, `${fileNameOf(identity)}.pem`);

/** The file of the key that will take its place, while that is being done. */
export const nextKeyFile = (keys: string, identity: Identity): string =>
  join(keys, `${fileNameOf(identity)}~next.pem`);

/**
 * Reads a private key; undefined where there is no such file. What is wrong is told without what is in the file.
 *
 * @throws HeptadError `KeyFileExposed` others than its owner may read or write it
 * @throws HeptadError `KeyFileInvalid` it holds no Ed25519 private key
 */
export async function readPrivateKey(path: string): Promise<KeyObject | undefined> {
  const handle = await ifThere(open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0)
      throw new HeptadError(
        'KeyFileExposed',
        `The private key ${path} has the mode ${(mode & 0o777).toString(8)}: its group or others can use it. ` +
          `Run \`chmod 600 ${path}\`; where somebody may have read it, rotate the key.`,
      );
    return parsed(path, await handle.readFile());
  } finally {
    await handle.close();
  }
}

function parsed(path: string, pem: Buffer): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The parser's own words could quote the file.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new HeptadError(
    'KeyFileInvalid',
    `The file ${path} holds no Ed25519 private key in PEM (PKCS #8). Restore it, or remove it and rotate the key.`,
  );
}

/** The private key in a file, made first where there is none: of processes that do so at once, all get the same one. */
export async function openPrivateKey(path: string): Promise<KeyObject> {
  const there = await readPrivateKey(path);
  if (there) return there;
  const folder = dirname(path);
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const file = await writeTemporary(folder, [Buffer.from(pem)], 0o600);
  await linkInto(file.path, path);
  await syncFolder(folder);
  const made = await readPrivateKey(path);
  if (made) return made;
  throw new HeptadError('KeyFileInvalid', `The private key ${path} was removed while it was made.`);
}
