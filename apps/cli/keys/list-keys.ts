import type { Config } from '../../../libs/config/config.js';
import { paths } from '../../../libs/config/paths.js';
import { userPlaces } from '../../../libs/config/user-folder.js';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { readKeyList } from '../../../libs/crypto/key-list.js';
import { readTrust } from '../../../libs/crypto/read-trust.js';

/** A public key, and who pins it. */
export interface ListedKey extends PinnedKey {
  readonly state: 'active' | 'retired' | 'revoked';
  /** `service`: the trust folder in the data folder; `user`: the person's own pin store. */
  readonly pinnedBy: readonly ('service' | 'user')[];
}

/** Every public key that the service on this machine or this person pins, by identity and time. */
export async function listKeys(config: Pick<Config, 'configFolder' | 'data'>): Promise<readonly ListedKey[]> {
  const service = (await readTrust(paths(config).trust)).keys;
  const user = (await readKeyList(userPlaces(config.configFolder).trustedKeys))?.keys ?? [];
  const others = user.filter(({ keyid }) => !has(service, keyid));
  return [...service, ...others]
    .map((key) => {
      const known = [key, ...user.filter(({ keyid }) => keyid === key.keyid)];
      const revoked = known.find((each) => each.revoked)?.revoked ?? null;
      const retired = known.find((each) => each.retired)?.retired ?? null;
      return {
        ...key,
        retired,
        revoked,
        state: revoked ? ('revoked' as const) : retired ? ('retired' as const) : ('active' as const),
        pinnedBy: [
          ...(has(service, key.keyid) ? (['service'] as const) : []),
          ...(has(user, key.keyid) ? (['user'] as const) : []),
        ],
      };
    })
    .sort((a, b) => compare(a.identity, b.identity) || compare(a.since, b.since));
}

const has = (keys: readonly PinnedKey[], id: string): boolean => keys.some(({ keyid }) => keyid === id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
