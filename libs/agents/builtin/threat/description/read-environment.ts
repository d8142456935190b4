import { addressesIn, isSecretName, isVariable } from './addresses.js';
import type { Place, Secret } from './description.js';
import type { Use } from './part.js';

/** A variable of an environment; the value is null where it comes from elsewhere. */
export interface Variable {
  readonly name: string;
  readonly value: string | null;
  readonly place: Place;
}

/** What the environment and the command line of a service say about it: secrets by name, and what it uses. */
export function readEnvironment(
  service: string,
  variables: readonly Variable[],
  args: readonly { readonly value: string; readonly place: Place }[],
): { secrets: Secret[]; uses: Use[] } {
  const secrets: Secret[] = [];
  const uses: Use[] = [];
  for (const { name, value, place } of variables) {
    const addresses = value === null ? [] : addressesIn(name, value);
    const credential = addresses.some((address) => address.credential);
    if (isSecretName(name)) secrets.push({ name, literal: isLiteral(name, value), place });
    else if (credential) secrets.push({ name, literal: addresses.some(({ password }) => password), place });
    uses.push(...addresses.map((address): Use => ({ from: service, by: 'address', address, place })));
  }
  for (const { value, place } of args)
    uses.push(
      ...addressesIn('', value).map((address): Use => ({ from: service, by: 'address', address, place })),
    );
  return { secrets, uses };
}

const isLiteral = (name: string, value: string | null): boolean =>
  value !== null &&
  value !== '' &&
  !isVariable(value) &&
  !/_FILE$/i.test(name) &&
  !value.startsWith('/run/secrets/');
