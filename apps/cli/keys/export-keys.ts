import { paths } from '../../../libs/config/paths.js';
import { keyListText } from '../../../libs/crypto/key-list.js';
import { readPins, readTrust } from '../../../libs/crypto/read-trust.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { personPlaces } from './places.js';
import { parsePerson } from './usage.js';

/** @throws HeptadError `KeyUnknown` there are none */
export async function exportKeys(cli: Cli, { person }: { readonly person?: string }): Promise<number> {
  const { config } = cli;
  const folder = person === undefined ? paths(config).trust : personPlaces(config).trust;
  const keys =
    person === undefined ? (await readTrust(folder)).keys : await readPins(folder, parsePerson(person));
  if (keys.length === 0)
    throw new HeptadError(
      'KeyUnknown',
      person === undefined
        ? `${folder} has no keys: the service makes them at its first start.`
        : `${folder} has no key of ${person}. \`heptad keys new --person ${person}\` makes one.`,
    );
  cli.terminal.out(keyListText(keys).trimEnd());
  return exitCode.done;
}
