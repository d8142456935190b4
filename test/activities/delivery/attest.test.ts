import { createPublicKey, verify } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { attest } from '../../../activities/delivery/attest.js';
import { stagePackage } from '../../../activities/delivery/stage-package.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { PhaseRecord } from '../../../libs/contracts/evidence.js';
import {
  attestedFilesSchema,
  packageManifestSchema,
  stagedPackageSchema,
} from '../../../libs/contracts/phase.js';
import {
  type Envelope,
  envelopeSchema,
  keyListSchema,
  type PinnedKey,
} from '../../../libs/contracts/signature.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { Trust } from '../../../libs/crypto/trust.js';
import { inActivity } from '../../support/in-activity.js';
import { freshSigner, pinnedKeyOf } from '../../support/signers.js';
import {
  deliveryRecord,
  rejects,
  type SmallDelivery,
  smallDelivery,
  waived,
} from '../../support/small-delivery.js';
import { smallRun } from '../../support/small-run.js';

interface Options {
  readonly record?: Parameters<typeof deliveryRecord>[2];
  /** Who else is pinned. */
  readonly people?: readonly Signer[];
  /** How all of them are pinned. */
  readonly pinned?: Partial<PinnedKey>;
  /** Who signs in the place of the release key. */
  readonly release?: Signer;
}

async function attested(
  delivery: SmallDelivery,
  { record: changed, people = [], pinned: how, release }: Options = {},
) {
  const { small, input, merged } = delivery;
  const { store, run, signers } = small;
  const signer = release ?? signers.release;
  const pinned = new Trust([...Object.values(signers), ...people].map((one) => pinnedKeyOf(one, how)));
  const { outcome: staged } = await inActivity(() => stagePackage(small)({ run, input, merged }));
  const record = await deliveryRecord(delivery, staged, changed);
  const sign = async (under: ArtifactRef = record) =>
    await inActivity(() =>
      attest({ store, release: signer, trust: async () => pinned })({ run, staged, record: under }),
    );
  return { ...delivery, staged, record, sign, signer };
}

const statementSchema = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
});

async function signed({ small, sign }: Awaited<ReturnType<typeof attested>>) {
  const { attestations } = await sign();
  const files = await small.store.getJson(attestations.digest, attestedFilesSchema);
  const digestOf = (name: string) => {
    const file = files.find((one) => one.name === name);
    if (!file) throw new Error(`There is no ${name}.`);
    return file.digest;
  };
  const envelope = async (name: string): Promise<Envelope> =>
    await small.store.getJson(digestOf(`attestations/${name}.json`), envelopeSchema);
  const statement = async (name: string) =>
    statementSchema.parse(JSON.parse(Buffer.from((await envelope(name)).payload, 'base64').toString()));
  const keys = async () => await small.store.getJson(digestOf('evidence/keys.json'), keyListSchema);
  return { files, envelope, statement, keys };
}

const names = ['provenance', 'test-result', 'verification-summary'] as const;

/** Verifies an envelope with the library of Sigstore, with one public key as all the trust. */
function verifyElsewhere(envelope: Envelope, key: Signer): void {
  const publicKey = createPublicKey({
    key: Buffer.from(key.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey, validFor: () => true }),
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  const bundle = bundleFromJSON({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: key.keyid }, tlogEntries: [] },
    dsseEnvelope: envelope,
  });
  verifier.verify(toSignedEntity(bundle));
}

describe('an independent implementation', () => {
  test.each(names)('accepts %s', async (name) => {
    const made = await attested(await smallDelivery(await smallRun()));
    const envelope = await (await signed(made)).envelope(name);
    verifyElsewhere(envelope, made.signer);
    expect(envelope.payloadType).toBe('application/vnd.in-toto+json');
  });

  test('rejects a payload with one other byte, a signature with one, another type, and another key', async () => {
    const made = await attested(await smallDelivery(await smallRun()));
    const envelope = await (await signed(made)).envelope('provenance');
    const flipped = (base64: string, at: number): string => {
      const bytes = Buffer.from(base64, 'base64');
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      return bytes.toString('base64');
    };
    const [signature] = envelope.signatures;
    if (!signature) throw new Error('It is signed.');
    const forged: [Envelope, Signer][] = [
      [{ ...envelope, payload: flipped(envelope.payload, 40) }, made.signer],
      [{ ...envelope, signatures: [{ ...signature, sig: flipped(signature.sig, 3) }] }, made.signer],
      [{ ...envelope, payloadType: 'application/json' }, made.signer],
      [envelope, freshSigner('release')],
    ];
    for (const [one, key] of forged)
      expect(() => verifyElsewhere(one, key)).toThrow(/signature verification failed/i);
  });

  test('needs no more than the DSSE specification', async () => {
    const made = await attested(await smallDelivery(await smallRun()));
    const { payload, payloadType, signatures } = await (await signed(made)).envelope('test-result');
    const bytes = Buffer.from(payload, 'base64');
    const covered = Buffer.concat([
      Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `),
      bytes,
    ]);
    const [pinned] = (await (await signed(made)).keys()).keys.filter(
      ({ identity }) => identity === 'release',
    );
    const key = createPublicKey({
      key: Buffer.from(pinned?.publicKey ?? '', 'base64'),
      format: 'der',
      type: 'spki',
    });
    expect(verify(null, covered, key, Buffer.from(signatures[0]?.sig ?? '', 'base64'))).toBe(true);
  });
});

describe('the statements', () => {
  test('are on every file of the manifest and on the manifest itself', async () => {
    const made = await attested(await smallDelivery(await smallRun()));
    const { store } = made.small;
    const staged = await store.getJson(made.staged.digest, stagedPackageSchema);
    const manifest = await store.getJson(staged.manifest.digest, packageManifestSchema);
    const expected = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
    for (const [path, { digest }] of [
      ['manifest/manifest.json', staged.manifest],
      ['manifest/manifest.bin', staged.manifestBinary],
      ['manifest/manifest.capnp', staged.manifestSchema],
    ] as const)
      expected.set(path, digest.slice('sha256:'.length));
    const { statement } = await signed(made);
    for (const name of names) {
      const { subject } = await statement(name);
      expect(subject.map(({ name: path, digest }) => [path, digest.sha256])).toEqual(
        [...expected].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }
  });

  test('say from what and how it was made', async () => {
    const made = await attested(await smallDelivery(await smallRun()));
    const { predicateType, predicate } = await (await signed(made)).statement('provenance');
    const { small } = made;
    const sha256 = (digest: string) => ({ sha256: digest.slice('sha256:'.length) });
    expect(predicateType).toBe('https://slsa.dev/provenance/v1');
    expect(predicate).toMatchObject({
      buildDefinition: {
        buildType: 'urn:heptad:build-type:run:v1',
        externalParameters: {
          template: 'small-review@1.0.0',
          subject: small.accepted.captured.title,
          input: small.accepted.request.input,
        },
        internalParameters: { merge: { seed: made.merge.seed, evaluations: 16 } },
        resolvedDependencies: expect.arrayContaining([
          expect.objectContaining({ name: 'subject', digest: sha256(small.captured.digest) }),
          { name: 'request', digest: sha256(small.refs.request.digest) },
          expect.objectContaining({
            name: 'artifacts/template.json',
            digest: sha256(small.accepted.request.template.digest),
          }),
          expect.objectContaining({ name: 'artifacts/agents/agent.improve-a.json' }),
        ]),
      },
      runDetails: {
        builder: { id: 'urn:heptad:builder:v1' },
        metadata: {
          invocationId: 'small',
          startedOn: '2026-01-01T12:01:00.000Z',
          finishedOn: '2026-01-01T12:06:30.000Z',
        },
        byproducts: expect.arrayContaining([
          { name: 'seal/records/6-deliver.json', digest: sha256(made.record.digest) },
        ]),
      },
    });
  });

  test('sum up the verdicts on all six phases, those on delivery too', async () => {
    const { statement } = await signed(await attested(await smallDelivery(await smallRun())));
    const { predicateType, predicate } = await statement('verification-summary');
    expect(predicateType).toBe('https://slsa.dev/verification_summary/v1');
    expect(predicate).toMatchObject({
      timeVerified: '2026-01-01T12:06:30.000Z',
      resourceUri: 'urn:heptad:package:small',
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_1', 'HEPTAD_THREE_PASSES'],
      'urn:heptad:decision': 'PROCEED',
      'urn:heptad:waivers': [],
    });
    const verdicts = predicate['urn:heptad:verdicts'];
    expect(verdicts).toHaveLength(18);
    expect(predicate.inputAttestations).toHaveLength(18);
    expect(verdicts).toContainEqual(
      expect.objectContaining({
        name: 'seal/verdicts/6-deliver-C.json',
        phase: 'deliver',
        pass: 'C',
        passed: true,
        verifier: 'verifier.c',
        checks: 1,
        failed: [],
      }),
    );
  });

  test('name the tests by how they ended', async () => {
    const { statement } = await signed(await attested(await smallDelivery(await smallRun())));
    const { predicateType, predicate } = await statement('test-result');
    expect(predicateType).toBe('https://in-toto.io/attestation/test-result/v0.1');
    expect(predicate).toMatchObject({
      result: 'PASSED',
      passedTests: ['<b>renders</b>', 'loads'],
      warnedTests: [],
      failedTests: [],
      'urn:heptad:skippedTests': ['waits > long'],
    });
  });

  test('call the tests failed where one fails that failed before', async () => {
    const failing = { name: 'loads', verdict: 'fail' as const };
    const tests = {
      command: 'node test.js',
      runner: 'node',
      tests: [failing],
      passed: 0,
      failed: 1,
      skipped: 0,
      exitCode: 1,
    };
    const { statement } = await signed(
      await attested(await smallDelivery(await smallRun(), { validation: { tests } })),
    );
    expect((await statement('test-result')).predicate).toMatchObject({
      result: 'FAILED',
      failedTests: ['loads'],
      'urn:heptad:failedBefore': ['loads'],
    });
  });

  test('tell of a waiver, and that a person gave it', async () => {
    const ada = freshSigner('person:ada');
    const delivery = await waived(await smallDelivery(await smallRun()), ada);
    const { statement, keys } = await signed(await attested(delivery, { people: [ada] }));
    const { predicate } = await statement('verification-summary');
    expect(predicate.verifiedLevels).toContain('HEPTAD_THREE_PASSES_WITH_WAIVERS');
    expect(predicate['urn:heptad:waivers']).toEqual([
      expect.objectContaining({ phase: 'verify', by: 'person:ada', reason: 'It was looked at by hand.' }),
    ]);
    expect((await keys()).keys.map(({ identity }) => identity)).toContain('person:ada');
  });
});

test('signed again, every byte is the same', async () => {
  const made = await attested(await smallDelivery(await smallRun()));
  expect(await made.sign()).toEqual(await made.sign());
});

test('the public keys are exactly those that signed, without what may change later', async () => {
  const made = await attested(await smallDelivery(await smallRun()), {
    people: [freshSigner('person:eve')],
    pinned: { retired: '2026-02-01T00:00:00.000Z' },
  });
  const { keys } = await (await signed(made)).keys();
  const { release, producer, agents, 'verifier.a': a, 'verifier.b': b, 'verifier.c': c } = made.small.signers;
  expect(keys).toEqual(
    [release, producer, agents, a, b, c]
      .map((signer) => pinnedKeyOf(signer))
      .sort((one, other) => (one.keyid < other.keyid ? -1 : 1)),
  );
});

describe('nothing is signed', () => {
  type Change = Parameters<typeof deliveryRecord>[2];
  const failure: PhaseRecord['failure'] = { code: 'VerificationFailed', message: 'Pass B rejected it.' };
  test.each<[string, Change, string]>([
    ['of a delivery that failed', { changes: { failure } }, 'VerificationFailed'],
    ['where a verifier rejected delivery', { verdicts: { B: rejects } }, 'VerificationFailed'],
    ['where a verdict is on another run', { verdicts: { A: { run: 'other' } } }, 'VerdictInvalid'],
    ['where a verifier answered for another pass', { verdicts: { C: { pass: 'A' } } }, 'VerdictInvalid'],
    ['where the record is of another phase', { changes: { phase: 'conclude' } }, 'EvidenceInvalid'],
    ['where the record is of another run', { changes: { run: 'other' } }, 'EvidenceInvalid'],
    ['where the record does not follow the one before', { changes: { previous: null } }, 'EvidenceInvalid'],
    ['where a verdict is missing', { changes: { verdicts: [] } }, 'EvidenceInvalid'],
  ])('%s', async (_, record, code) => {
    const made = await attested(await smallDelivery(await smallRun()), record ? { record } : {});
    await expect(made.sign()).rejects.toMatchObject({ code });
  });

  test('where the record is of another package', async () => {
    const made = await attested(await smallDelivery(await smallRun()));
    const other = await deliveryRecord(made, made.small.refs.request);
    await expect(made.sign(other)).rejects.toMatchObject({ code: 'EvidenceInvalid' });
  });

  test('where a verdict is signed by someone else', async () => {
    const small = await smallRun();
    const signers = { ...small.signers, 'verifier.b': small.signers.producer };
    const made = await attested(await smallDelivery({ ...small, signers }));
    await expect(made.sign()).rejects.toMatchObject({ code: 'VerdictInvalid' });
  });

  test('where a waiver is of someone whose key is not pinned', async () => {
    const delivery = await waived(await smallDelivery(await smallRun()), freshSigner('person:ada'));
    await expect((await attested(delivery)).sign()).rejects.toMatchObject({ code: 'VerdictInvalid' });
  });

  test('with a key that is not pinned', async () => {
    const made = await attested(await smallDelivery(await smallRun()), { release: freshSigner('release') });
    await expect(made.sign()).rejects.toMatchObject({ code: 'KeyUnknown' });
  });
});
