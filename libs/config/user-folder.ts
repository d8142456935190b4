import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from './config.js';
import { settingName } from './environment-schema.js';

/** Where things are in the folder of what is a person's own. */
export interface UserPlaces {
  /** The public keys that the person trusts (`KeyList`). */
  readonly trustedKeys: string;
  /** The person's private keys; readable by the owner alone. */
  readonly keys: string;
}

/** The folder of what is a person's own: `HEPTAD_CONFIG`, else where the desktop standard has it. Absolute. */
export const userFolder = (environment: Environment = process.env): string =>
  resolve(
    environment[settingName('CONFIG')] ||
      join(environment.XDG_CONFIG_HOME || join(environment.HOME ?? homedir(), '.config'), 'heptad'),
  );

/** Where things are in a person's folder. */
export const userPlaces = (folder: string): UserPlaces => ({
  trustedKeys: join(folder, 'trusted-keys.json'),
  keys: join(folder, 'keys'),
});

/** The person's pin store, for a command that needs no other setting. */
export const userTrustFile = (environment: Environment = process.env): string =>
  userPlaces(userFolder(environment)).trustedKeys;
