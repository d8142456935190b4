import { userPlaces } from '../../../libs/config/user-folder.js';
import { keyListText } from '../../../libs/crypto/key-list.js';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { addKeys } from '../../../libs/crypto/pin-for-user.js';
import { readPins } from '../../../libs/crypto/read-trust.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { personPlaces } from './places.js';
import { parsePerson } from './usage.js';

/** Makes a person's key, or finds the one that there is, and prints its public half. */
export async function newKey(cli: Cli, { person }: { readonly person: string }): Promise<number> {
  const identity = parsePerson(person);
  const places = personPlaces(cli.config);
  await openSigner(places, identity);
  const keys = await readPins(places.trust, identity);
  await addKeys(userPlaces(cli.config.configFolder).trustedKeys, keys);
  cli.terminal.out(keyListText(keys).trimEnd());
  cli.terminal.err(
    `Hand this to the operator of the service, who registers ${identity} by \`heptad keys pin FILE --service\`.`,
  );
  return exitCode.done;
}
