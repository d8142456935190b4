import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../../../libs/artifacts/if-there.js';
import type { Config } from '../../../libs/config/config.js';
import { paths } from '../../../libs/config/paths.js';
import { userPlaces } from '../../../libs/config/user-folder.js';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { revokeKey } from '../../../libs/crypto/revoke-key.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { HeptadError } from '../../../libs/protocol/errors.js';

/**
 * Revokes a key wherever this machine pins it: in the service's trust folder, in the person's pin store, and among the
 * person's own keys.
 *
 * @throws HeptadError `KeyUnknown` nothing pins it
 */
export async function revokeEverywhere(
  config: Pick<Config, 'configFolder' | 'data'>,
  keyid: Digest,
  reason: string,
): Promise<{ key: PinnedKey; files: readonly string[] }> {
  const user = userPlaces(config.configFolder);
  const files = [...(await listsIn(paths(config).trust)), ...(await listsIn(user.keys)), user.trustedKeys];
  const revocation = { at: new Date().toISOString(), reason };
  const revoked: { key: PinnedKey; file: string }[] = [];
  for (const file of files) {
    const key = await revokeKey(file, keyid, revocation);
    if (key) revoked.push({ key, file });
  }
  const [first] = revoked;
  if (!first)
    throw new HeptadError(
      'KeyUnknown',
      `No key ${keyid} is pinned here. \`heptad keys list\` shows those that are.`,
    );
  return { key: first.key, files: revoked.map(({ file }) => file) };
}

async function listsIn(folder: string): Promise<string[]> {
  const names = (await ifThere(readdir(folder))) ?? [];
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}
