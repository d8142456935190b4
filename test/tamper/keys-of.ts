import type { Signer } from '../../libs/crypto/signer.js';
import type { Identity } from '../../libs/protocol/identities.js';
import type { GenuineRun } from '../support/genuine-package/genuine-run.js';

/** Everyone who signs in a run. */
export const signersOf = ({ signers, person }: GenuineRun): Signer[] => [...Object.values(signers), person];

/** By the keys with which they sign; only those of some identities, where these are named. */
export const byKey = (run: GenuineRun, identities?: readonly Identity[]): ReadonlyMap<string, Signer> =>
  new Map(
    signersOf(run)
      .filter(({ identity }) => identities?.includes(identity) ?? true)
      .map((signer) => [signer.keyid, signer]),
  );

/** Hexadecimal digits alone. */
export const bare = (digest: string): string => digest.slice('sha256:'.length);
