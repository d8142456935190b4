import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ifThere } from '../artifacts/if-there.js';
import type { PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';
import type { Identity } from '../protocol/identities.js';
import { fileNameOf } from './key-files.js';
import { readKeyList } from './key-list.js';
import { Trust } from './trust.js';

/** The file with the public keys of an identity in a trust folder. */
export const trustFile = (folder: string, identity: Identity): string =>
  join(folder, `${fileNameOf(identity)}.json`);

/**
 * The public keys that a trust folder pins; none where it does not exist. Read anew each time, so that a revocation
 * counts at once.
 *
 * @throws HeptadError `KeyListInvalid` one of its files is no list of its identity's keys
 */
export async function readTrust(folder: string): Promise<Trust> {
  const names = ((await ifThere(readdir(folder))) ?? []).filter((name) => name.endsWith('.json')).sort();
  const lists = await Promise.all(names.map((name) => readIdentityFile(join(folder, name))));
  return new Trust(lists.flat());
}

/** The public keys that a trust folder pins to one identity, the oldest first; none where it has no such file. */
export const readPins = (folder: string, identity: Identity): Promise<readonly PinnedKey[]> =>
  readIdentityFile(trustFile(folder, identity));

/** The key of an identity that signs: not retired, not revoked. */
export const activeKey = (keys: readonly PinnedKey[]): PinnedKey | undefined =>
  keys.find(({ retired, revoked }) => retired === null && revoked === null);

async function readIdentityFile(path: string): Promise<readonly PinnedKey[]> {
  const keys = (await readKeyList(path))?.keys ?? [];
  const name = basename(path, '.json');
  const stray = keys.find(({ identity }) => fileNameOf(identity) !== name);
  if (stray)
    throw new HeptadError(
      'KeyListInvalid',
      `The file ${path} has a key of ${stray.identity}, which is not its own.`,
    );
  if (keys.filter((key) => activeKey([key])).length > 1)
    throw new HeptadError('KeyListInvalid', `The file ${path} has more than one key that is not retired.`);
  return keys;
}
