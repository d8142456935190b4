import { describe, expect, it } from 'vitest';
import { Trust } from '../../../libs/crypto/trust.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { freshSigner, pinnedKeyOf, trustIn } from '../../support/signers.js';

const signer = freshSigner('verifier.a');
const document = { run: 'r', passed: true };
const expected = { type: payloadType.verdict, identity: 'verifier.a' } as const;
const signed = signer.signed(payloadType.verdict, document);
const trust = trustIn(signer);

/** The same bytes in base64, spelt otherwise: bits that no byte has are set. */
const respelt = (base64: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const at = base64.indexOf('=') - 1;
  const letter = alphabet[alphabet.indexOf(base64.charAt(at)) ^ 1] ?? '';
  return base64.slice(0, at) + letter + base64.slice(at + 1);
};

describe('a signed document', () => {
  it('counts by the pinned key, whatever the order of its fields', () => {
    expect(trust.problemsOf(signed, expected)).toEqual([]);
    const { signature } = signed;
    expect(trust.problemsOf({ signature, passed: true, run: 'r' } as typeof signed, expected)).toEqual([]);
  });

  it.each([
    ['another field', { ...signed, passed: false }],
    ['a field more', { ...signed, more: 1 }],
    [
      'the signature of another document',
      { ...signed, signature: signer.signed(payloadType.verdict, { ...document, run: 's' }).signature },
    ],
  ])('does not count with %s', (_, changed) => {
    expect(trust.problemsOf(changed, expected)).toEqual([expect.stringContaining('not one of these bytes')]);
  });

  it('does not count as one of another type', () => {
    expect(trust.problemsOf(signed, { ...expected, type: payloadType.record })).toHaveLength(1);
  });

  it('does not count as one of another identity', () => {
    expect(trust.problemsOf(signed, { ...expected, identity: 'verifier.b' })).toEqual([
      'It is signed by verifier.a, not by verifier.b.',
    ]);
    expect(trust.problemsOf(signed, { ...expected, identity: null })).toEqual([]);
  });

  it('does not count by a key that nobody pinned, or that was revoked', () => {
    const stranger = freshSigner('verifier.a').signed(payloadType.verdict, document);
    expect(trust.problemsOf(stranger, expected)).toEqual([expect.stringContaining('not pinned')]);
    const revoked = { at: '2026-01-02T00:00:00.000Z', reason: 'It was copied.' };
    expect(new Trust([pinnedKeyOf(signer, { revoked })]).problemsOf(signed, expected)).toEqual([
      expect.stringContaining('was revoked: It was copied.'),
    ]);
  });

  it('still counts by a key that was retired since', () => {
    const retired = new Trust([pinnedKeyOf(signer, { retired: '2026-01-02T00:00:00.000Z' })]);
    expect(retired.problemsOf(signed, expected)).toEqual([]);
  });

  it('does not count with its signature spelt otherwise', () => {
    const sig = respelt(signed.signature.sig);
    expect(Buffer.from(sig, 'base64')).toEqual(Buffer.from(signed.signature.sig, 'base64'));
    expect(sig).not.toBe(signed.signature.sig);
    expect(trust.problemsOf({ ...signed, signature: { ...signed.signature, sig } }, expected)).toHaveLength(
      1,
    );
  });

  it('does not count by a key whose id is not that of its bytes', () => {
    const other = freshSigner('verifier.a');
    const forged = pinnedKeyOf(other, { keyid: signer.keyid });
    const byOther = other.signed(payloadType.verdict, document);
    const signature = { ...byOther.signature, keyid: signer.keyid };
    expect(new Trust([forged]).problemsOf({ ...byOther, signature }, expected)).toHaveLength(1);
  });
});

describe('an envelope', () => {
  const type = payloadType.statement;
  const release = freshSigner('release');
  const envelope = release.envelope(type, { subject: [] });
  const of = { type, identity: 'release' } as const;

  it('counts by the pinned key', () => {
    expect(trustIn(release).problemsOfEnvelope(envelope, of)).toEqual([]);
  });

  it.each([
    ['of another type', { ...envelope, payloadType: payloadType.seal }],
    ['without a signature', { ...envelope, signatures: [] }],
    ['with another payload', { ...envelope, payload: Buffer.from('{"subject":[1]}').toString('base64') }],
    ['with its payload spelt otherwise', { ...envelope, payload: `${envelope.payload}\n` }],
    [
      'with a second signature that is nobody’s',
      {
        ...envelope,
        signatures: [
          ...envelope.signatures,
          ...freshSigner('release').envelope(type, { subject: [] }).signatures,
        ],
      },
    ],
  ])('does not count %s', (_, changed) => {
    expect(trustIn(release).problemsOfEnvelope(changed, of)).toHaveLength(1);
  });
});
