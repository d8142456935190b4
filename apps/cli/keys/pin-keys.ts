import { resolve } from 'node:path';
import { callerFolder } from '../../../libs/config/caller-folder.js';
import { paths } from '../../../libs/config/paths.js';
import { userPlaces } from '../../../libs/config/user-folder.js';
import { readKeyList } from '../../../libs/crypto/key-list.js';
import { addKeys } from '../../../libs/crypto/pin-for-user.js';
import { registerKeys } from '../../../libs/crypto/register-keys.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { usageInvalid } from './usage.js';

/** @throws HeptadError `KeyListInvalid`, `KeyConflict` */
export async function pinKeys(
  cli: Cli,
  file: string,
  { service }: { readonly service?: true },
): Promise<number> {
  const path = resolve(callerFolder(), file);
  const list = await readKeyList(path);
  if (!list) throw usageInvalid('<file>', `There is no file ${path}.`);
  const place = service ? paths(cli.config).trust : userPlaces(cli.config.configFolder).trustedKeys;
  await (service ? registerKeys(place, list.keys) : addKeys(place, list.keys));
  cli.answer({ pinned: list.keys, place }, () =>
    [...list.keys.map(({ identity, keyid }) => `${identity}  ${keyid}`), `Pinned in ${place}.`].join('\n'),
  );
  return exitCode.done;
}
