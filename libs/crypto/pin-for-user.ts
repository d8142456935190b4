import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ensureFolder, moveInto, syncFolder, writeTemporary } from '../artifacts/durable-files.js';
import type { PinnedKey } from '../contracts/signature.js';
import { keyListText, readKeyList } from './key-list.js';
import { mergeKeys } from './merge-keys.js';
import { readTrust } from './read-trust.js';

/**
 * Adds the keys that a service's trust folder pins to the user's pin store, with what is known of them since. Nothing
 * is removed from it.
 *
 * @throws HeptadError `KeyConflict` a key is pinned to another identity there
 * @throws HeptadError `KeyListInvalid` a file of either is no list of public keys
 */
export async function pinForUser(trustFolder: string, userFile: string): Promise<void> {
  await addKeys(userFile, (await readTrust(trustFolder)).keys);
}

/**
 * Adds keys to a list of pinned ones, see {@link mergeKeys}. Of two processes that do so in the same instant one may
 * be undone: its keys are missing then, nothing is broken, and adding them again mends it.
 */
export async function addKeys(file: string, given: readonly PinnedKey[]): Promise<void> {
  const pinned = (await readKeyList(file))?.keys ?? [];
  const merged = mergeKeys(pinned, given, `The file ${file}`);
  if (!isDeepStrictEqual(merged, pinned)) await writeKeys(file, merged);
}

/** Writes a list of keys whole or not at all. */
export async function writeKeys(file: string, keys: readonly PinnedKey[]): Promise<void> {
  const folder = dirname(file);
  await ensureFolder(folder);
  const temporary = await writeTemporary(folder, [Buffer.from(keyListText(keys))]);
  await moveInto(temporary.path, file);
  await syncFolder(folder);
}
