import { afterAll, expect, test } from 'vitest';
import type { Signer } from '../../libs/crypto/signer.js';
import { type PayloadType, payloadType } from '../../libs/protocol/payload-types.js';
import { genuineRun } from '../support/genuine-package/genuine-run.js';
import { freshSigner, pinnedKeyOf } from '../support/signers.js';
import { Forger, type Signed } from './forger.js';
import { bare, signersOf } from './keys-of.js';
import { count, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Signatures that were forged, and found:\n${summary().text}`));

test('a package that is signed anew with other keys is whole, and of unknown origin', async () => {
  const run = await genuineRun({ waived: true });
  const specimen = await Specimen.of(run);
  const theirs = new Map(signersOf(run).map((own) => [own.keyid as string, freshSigner(own.identity)]));
  const words = new Map(
    signersOf(run).flatMap((own) => {
      const other = theirs.get(own.keyid) ?? own;
      return [[bare(own.keyid), bare(other.keyid)] as const, [own.publicKey, other.publicKey] as const];
    }),
  );
  const changes = await new Forger(specimen.files).forge({ words, signer: ({ keyid }) => theirs.get(keyid) });
  const pinned = [...theirs.values()].map((signer) => pinnedKeyOf(signer));
  const asTheirs = await specimen.checkWith(changes, { pinned });
  // So nothing but the keys gives it away.
  expect(asTheirs.checks.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(asTheirs.proven).toBe(true);

  const report = await specimen.checkWith(changes);
  expect(report).toMatchObject({ origin: 'unknown', proven: false });
  expect(report.checks).toContainEqual(expect.objectContaining({ check: 'origin', state: 'not-checkable' }));
  const allowed = await specimen.checkWith(changes, { allowUnknownKey: true });
  expect(allowed).toMatchObject({ origin: 'unknown', proven: true });
  count('all of it signed with other keys', !report.proven);
});

test('a document that another key has signed is found, wherever it is adapted to', {
  timeout: 5 * minutes,
}, async () => {
  const run = await genuineRun({ waived: true });
  const specimen = await Specimen.of(run);
  expect(await missed(specimen, await otherSigners(specimen))).toEqual([]);
});

/** Each signed document by each other identity and by an unknown key; all else is signed again by its own. */
async function otherSigners({ run, files }: Specimen): Promise<Tampering[]> {
  const forger = new Forger(files);
  const own = new Map(signersOf(run).map((signer) => [signer.keyid as string, signer]));
  const tamperings: Tampering[] = [];
  for (const { path, type, keyid, body } of await signedIn(forger, own)) {
    const identity = own.get(keyid)?.identity;
    const others: [string, Signer][] = [
      ['an unknown key', freshSigner(identity ?? 'producer')],
      ...signersOf(run)
        .filter((signer) => signer.identity !== identity)
        .map((signer): [string, Signer] => [`the key of ${signer.identity}`, signer]),
    ];
    for (const [who, other] of others) {
      const changes = () =>
        forger.forge({
          signer: (signed) => (isSame(signed, { type, body }) ? other : own.get(signed.keyid)),
        });
      const kind = `${nameOf(type)} by ${who.startsWith('an') ? who : 'the key of another identity'}`;
      tamperings.push({ kind, says: `${path}, ${who}`, changes, by: checkOf(type, path) });
    }
  }
  return tamperings;
}

/** Each signed document once, although the evidence is there twice; of steps, which are many, one of each key. */
async function signedIn(forger: Forger, own: ReadonlyMap<string, Signer>): Promise<Signed[]> {
  const found = new Map<string, Signed>();
  await forger.forge({
    signer: (signed) => {
      const file = signed.type === payloadType.step ? '' : fileOf(signed);
      const name = `${nameOf(signed.type)} ${signed.keyid} ${file}`;
      if (!found.has(name)) found.set(name, signed);
      return own.get(signed.keyid);
    },
  });
  return [...found.values()];
}

const fileOf = ({ path }: Signed): string => path.slice(path.indexOf('/') + 1);

/** The same document in both places, as it was before anything was adapted. */
const isSame = (one: Pick<Signed, 'type' | 'body'>, other: Pick<Signed, 'type' | 'body'>): boolean =>
  one.type === other.type && ofWhat(one) === ofWhat(other);

/** What a document is for: that stays, whatever digests it names. */
function ofWhat({ type, body }: Pick<Signed, 'type' | 'body'>): string {
  const { phase, pass, key, number, predicateType } = body;
  return JSON.stringify([type, phase, pass, key, number, predicateType]);
}

const nameOf = (type: PayloadType): string =>
  Object.entries(payloadType).find(([, value]) => value === type)?.[0] ?? type;

function checkOf(type: PayloadType, path: string): string[] {
  switch (type) {
    case payloadType.record:
      return ['records'];
    case payloadType.verdict:
    case payloadType.waiver:
      return ['verdicts'];
    case payloadType.step:
      return ['attempts'];
    case payloadType.seal:
      return ['seal-signed'];
    default:
      return [path.replace('attestations/', 'attestation-').replace('.json', '')];
  }
}
