import { readdir } from 'node:fs/promises';
import { ifThere } from '../artifacts/if-there.js';
import { isIdentity, type PersonIdentity } from '../protocol/identities.js';
import { fileNameOf } from './key-files.js';

/** The identity of a person by name; undefined where it is no name of one. */
export function personOf(name: string): PersonIdentity | undefined {
  const identity: PersonIdentity = `person:${name}`;
  return isIdentity(identity) ? identity : undefined;
}

/** The persons whose private keys are in a folder, sorted. */
export async function personsIn(keys: string): Promise<readonly PersonIdentity[]> {
  const names = (await ifThere(readdir(keys))) ?? [];
  return names
    .flatMap((name) => {
      const [, person = ''] = /^person_(.+)\.pem$/.exec(name) ?? [];
      const identity = personOf(person);
      return identity && name === `${fileNameOf(identity)}.pem` ? [identity] : [];
    })
    .sort();
}
