import { personOf } from '../../../libs/crypto/person-keys.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import {
  type Identity,
  isIdentity,
  type PersonIdentity,
  serviceIdentities,
} from '../../../libs/protocol/identities.js';

/** The error for an argument or option that cannot be used. */
export const usageInvalid = (path: string, reason: string): HeptadError =>
  new HeptadError('UsageInvalid', undefined, { problems: [{ path, reason }] });

/** @throws HeptadError `UsageInvalid` */
export function parseIdentity(text: string): Identity {
  if (isIdentity(text)) return text;
  throw usageInvalid('<identity>', `One of ${serviceIdentities.join(', ')}, or person: and a name.`);
}

/** @throws HeptadError `UsageInvalid` */
export function parsePerson(name: string): PersonIdentity {
  const identity = personOf(name);
  if (identity) return identity;
  throw usageInvalid(
    '--person',
    'A name has up to 63 lower-case letters, digits, dots, hyphens and underscores.',
  );
}
