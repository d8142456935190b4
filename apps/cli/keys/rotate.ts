import { userPlaces } from '../../../libs/config/user-folder.js';
import { addKeys } from '../../../libs/crypto/pin-for-user.js';
import { readPins } from '../../../libs/crypto/read-trust.js';
import { rotateKey } from '../../../libs/crypto/rotate-key.js';
import type { Identity, ServiceIdentity } from '../../../libs/protocol/identities.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { placesOf } from './places.js';
import { parseIdentity } from './usage.js';

/** @throws HeptadError `KeyUnknown`, `KeyNotPinned` */
export async function rotate(cli: Cli, text: string): Promise<number> {
  const identity = parseIdentity(text);
  const places = placesOf(cli.config, identity);
  const key = await rotateKey(places, identity);
  if (isPerson(identity))
    await addKeys(userPlaces(cli.config.configFolder).trustedKeys, await readPins(places.trust, identity));
  const next = nextStep(identity);
  cli.answer({ key, next }, () => `${identity} has the key ${key.keyid} now.\n${next}`);
  return exitCode.done;
}

const isPerson = (identity: Identity): identity is Exclude<Identity, ServiceIdentity> =>
  identity.startsWith('person:');

function nextStep(identity: Identity): string {
  if (isPerson(identity)) {
    const name = identity.slice('person:'.length);
    return `Hand what \`heptad keys export --person ${name}\` prints to the operator, who pins it by \`heptad keys pin FILE --service\`.`;
  }
  return `Restart ${partOf[identity]}: until then it signs with the key before, whose private key is gone from the disk.`;
}

/** What must be started again, by identity. */
const partOf: Readonly<Record<ServiceIdentity, string>> = {
  producer: 'control',
  release: 'control',
  agents: 'agents',
  'verifier.a': 'verify, or its process for pass a',
  'verifier.b': 'verify, or its process for pass b',
  'verifier.c': 'verify, or its process for pass c',
};
