import type { PinnedKey } from '../contracts/signature.js';
import { HeptadError } from '../protocol/errors.js';
import type { Identity } from '../protocol/identities.js';
import { asKeyList } from './key-list.js';
import { mergeKeys } from './merge-keys.js';
import { writeKeys } from './pin-for-user.js';
import { readPins, trustFile } from './read-trust.js';
import { extendTrust } from './succession.js';
import { Trust } from './trust.js';

/**
 * Pins keys in a service's trust folder: that is how a person is registered. An identity that has keys there gets
 * another one only by succession, or where all that it has were revoked.
 *
 * @throws HeptadError `KeyConflict` an identity has a key that the given one does not succeed
 */
export async function registerKeys(trustFolder: string, given: readonly PinnedKey[]): Promise<void> {
  const lists: [string, readonly PinnedKey[]][] = [];
  for (const identity of new Set(given.map((key) => key.identity)))
    lists.push([
      trustFile(trustFolder, identity),
      await registered(
        trustFolder,
        identity,
        given.filter((key) => key.identity === identity),
      ),
    ]);
  // Every list is known to be good before the first is written.
  for (const [file, keys] of lists) await writeKeys(file, keys);
}

async function registered(
  trustFolder: string,
  identity: Identity,
  given: readonly PinnedKey[],
): Promise<readonly PinnedKey[]> {
  const file = trustFile(trustFolder, identity);
  const pins = await readPins(trustFolder, identity);
  const merged = mergeKeys(pins, given, `The file ${file}`);
  const valid = pins.filter(({ revoked }) => revoked === null);
  const reached = extendTrust(new Trust(pins), asKeyList(given));
  const stranger = valid.length > 0 ? given.find(({ keyid }) => !reached.find(keyid)) : undefined;
  const active = merged.filter(({ retired, revoked }) => retired === null && revoked === null);
  if (!stranger && active.length <= 1) return merged;
  throw new HeptadError(
    'KeyConflict',
    `${file} has keys of ${identity}, and ${stranger ? `${stranger.keyid} succeeds none of them` : 'more than one would not be retired'}. ` +
      `Where ${identity} rotated the key, give the whole list that \`heptad keys export\` prints; ` +
      'where the key before is lost, revoke it first.',
  );
}
