import type { Config } from '../../../libs/config/config.js';
import { paths } from '../../../libs/config/paths.js';
import { userPlaces } from '../../../libs/config/user-folder.js';
import type { KeyPlaces } from '../../../libs/crypto/open-signer.js';
import type { Identity } from '../../../libs/protocol/identities.js';

/** Where a person's keys are: the public ones beside the private ones. */
export const personPlaces = ({ configFolder }: Pick<Config, 'configFolder'>): KeyPlaces => {
  const { keys } = userPlaces(configFolder);
  return { keys, trust: keys };
};

/** Where the keys of an identity are on this machine. */
export const placesOf = (config: Pick<Config, 'configFolder' | 'data'>, identity: Identity): KeyPlaces =>
  identity.startsWith('person:') ? personPlaces(config) : paths(config);
